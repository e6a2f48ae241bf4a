package io.spooler.imap;

import io.spooler.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands and answers of IMAP, one command at a time. An answer is a line, with the literals in it taken out: those that
 * nobody has asked for are small, or the connection ends. One thread, but for {@link #wake} and {@link #close}.
 */
final class ImapDialog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImapDialog.class);

    /** Time for a command that carries no content. */
    static final Duration COMMAND = Duration.ofMinutes(5);

    private static final Duration CONTENT = Duration.ofHours(2);
    private static final int SMALL = 16 * 1024;
    private static final Remote.Sink NOWHERE = (octets, from, count) -> {};

    /** Takes answers that begin with {@code *}, without that. */
    @FunctionalInterface
    interface Untagged {

        void line(String line) throws IOException;
    }

    /** Takes a literal. */
    interface Literal {

        boolean isFor(String before);

        Remote.Sink sink() throws IOException;
    }

    private final Wire wire;
    private final Set<String> capabilities = new TreeSet<>();
    private int tags;
    private long exists;
    private boolean news;
    private boolean idling; // guarded by this
    private boolean woken; // guarded by this

    ImapDialog(Wire wire) {
        this.wire = wire;
    }

    /** What comes from now on is news. */
    void listing() {
        news = false;
    }

    /** How many messages the folder has, as last told. */
    long exists() {
        return exists;
    }

    boolean can(String capability) {
        return capabilities.contains(capability);
    }

    /** A text that stands in a command. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** The first line of the server. */
    String greeting() throws IOException {
        wire.limit(COMMAND);
        String line = wire.line();
        if (!line.startsWith("* ")) {
            throw new IOException("this is no IMAP server: " + Reply.clean(line));
        }
        return line.substring(2);
    }

    /** Asks what the server can do. */
    void learn() throws IOException {
        capabilities.clear();
        command("CAPABILITY", "cannot tell what it can do", line -> {
            String text = line.toUpperCase(Locale.ROOT);
            if (text.startsWith("CAPABILITY ")) {
                capabilities.addAll(Arrays.asList(text.substring(11).strip().split(" +")));
            }
        });
    }

    /**
     * A command without content.
     *
     * @param text without its tag
     * @param what says for people what is not done if the server refuses
     * @param untagged takes what it tells
     * @return the text behind OK
     */
    String command(String text, String what, Untagged untagged) throws IOException {
        wire.limit(COMMAND);
        String tag = send(text);
        return answer(tag, what, untagged, null);
    }

    /** A command that brings content. */
    void fetch(String text, FetchedPart part) throws IOException {
        wire.limit(CONTENT);
        answer(send(text), "not fetched", part, part);
    }

    /** Sends a command; the caller reads on. */
    String send(String text) throws IOException {
        String tag = "A" + ++tags;
        wire.send(tag + " " + text);
        return tag;
    }

    /** Reads up to the end of a command. */
    String answer(String tag, String what, Untagged untagged, @Nullable Literal literal) throws IOException {
        while (true) {
            String line = response(literal);
            if (line.startsWith(tag + " ")) {
                return result(line.substring(tag.length() + 1), what);
            }
            if (!line.startsWith("* ")) {
                throw new IOException("this is no answer of IMAP: " + Reply.clean(line));
            }
            untagged(line.substring(2), untagged);
        }
    }

    private static String result(String text, String what) throws IOException {
        if ((text + " ").regionMatches(true, 0, "OK ", 0, 3)) {
            return text.substring(2).strip();
        }
        throw new Refused(what, text, false);
    }

    private void untagged(String line, Untagged target) throws IOException {
        if (line.regionMatches(true, 0, "BYE", 0, 3)) {
            throw new IOException("the server ends: " + Reply.clean(line.substring(3)));
        }
        if (line.matches("(?i)\\d{1,10} EXISTS")) {
            long now = Long.parseLong(line.substring(0, line.indexOf(' ')));
            news |= now > exists;
            exists = now;
        } else if (line.matches("(?i)\\d{1,10} EXPUNGE")) {
            exists--;
        }
        target.line(line);
    }

    /** One answer with all its lines; what stood in literals is not in it. */
    private String response(@Nullable Literal literal) throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            String line = wire.line();
            long size = literalSize(line);
            if (all.length() + line.length() > Wire.MAX_LINE) {
                throw new IOException("the server sends an answer of more than " + Wire.MAX_LINE + " octets");
            }
            if (size < 0) {
                return all.append(line).toString();
            }
            all.append(line, 0, line.lastIndexOf('{'));
            if (literal != null && literal.isFor(all.toString())) {
                wire.copy(size, literal.sink());
            } else if (size <= SMALL) {
                wire.copy(size, NOWHERE);
            } else {
                throw new IOException("the server sends " + size + " octets that nobody has asked for");
            }
        }
    }

    /** -1 if the line does not end with the announcement of a literal. */
    private static long literalSize(String line) {
        int open = line.endsWith("}") ? line.lastIndexOf('{') : -1;
        String digits = open < 0 ? "" : line.substring(open + 1, line.length() - 1);
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }

    /** Waits for something that is newer than {@link #listing} (RFC 2177). */
    void idle(Duration most) throws IOException {
        if (news) {
            return;
        }
        wire.limit(most.plus(COMMAND));
        String tag = send("IDLE");
        if (!wire.line().startsWith("+")) {
            throw new IOException("the server does not wait (IDLE)");
        }
        begin();
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            String line = wire.lineWithin(isIdling() ? left : COMMAND);
            if (line == null) {
                stop();
            } else if (line.startsWith(tag + " ")) {
                result(line.substring(tag.length() + 1), "waiting failed");
                return;
            } else if (line.startsWith("* ")) {
                untagged(line.substring(2), text -> {});
            }
            if (news) {
                stop();
            }
        }
    }

    private synchronized void begin() throws IOException {
        idling = true;
        if (woken) {
            stop();
        }
    }

    private synchronized boolean isIdling() {
        return idling;
    }

    private synchronized void stop() throws IOException {
        woken = false;
        if (idling) {
            idling = false;
            wire.send("DONE");
        }
    }

    /** Ends {@link #idle}, now or when it comes to it. */
    synchronized void wake() {
        try {
            if (idling) {
                stop();
            } else {
                woken = true;
            }
        } catch (IOException e) {
            LOG.debug("the connection has ended already", e);
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
