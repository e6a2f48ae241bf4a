package io.spooler.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An IMAP server of one folder that can be made to misbehave. */
final class ScriptedImap extends ScriptedServer {

    /** A message. */
    record Mail(long uid, String text) {}

    /** Plays its part in place of the whole answer to a FETCH of a content. */
    interface Trick {

        /** Returns true if nothing more is to be said. */
        boolean play(Line line, Mail mail) throws IOException;
    }

    final List<Mail> mails = new CopyOnWriteArrayList<>();
    volatile long validity = 1;
    volatile String capabilities = "IMAP4rev1 UIDPLUS";
    volatile String login = "OK in";
    volatile long sizes;
    volatile Trick trick = (line, mail) -> false;
    volatile CountDownLatch idling = new CountDownLatch(1);

    /** A message that comes while the client waits, and of which it is told. */
    volatile @Nullable Mail news;

    private final List<Long> deleted = new CopyOnWriteArrayList<>();

    /** What STARTTLS begins, or null. */
    volatile @Nullable SSLContext startTls;

    /** What is said together with the answer to STARTTLS, in clear text. */
    volatile String beforeTls = "";

    ScriptedImap() throws IOException {
        this(null);
    }

    ScriptedImap(@Nullable SSLContext tls) throws IOException {
        super(tls);
    }

    void add(long uid, String text) {
        mails.add(new Mail(uid, text));
    }

    @Override
    void converse(Line clear) throws IOException {
        Line line = clear;
        line.say("* OK here");
        while (true) {
            String[] words = line.read().split(" ", 3);
            String command = words.length > 1 ? words[1] : "";
            String rest = words.length > 2 ? words[2] : "";
            switch (command) {
                case "CAPABILITY" -> line.say("* CAPABILITY " + capabilities);
                case "SELECT", "EXAMINE" -> select(line);
                case "UID" -> uid(line, rest);
                case "IDLE" -> idle(line);
                default -> {}
            }
            line.say(words[0] + " " + (command.equals("LOGIN") ? login : "OK done")
                    + (command.equals("STARTTLS") ? beforeTls : ""));
            line = command.equals("STARTTLS") ? line.secure(startTls) : line;
        }
    }

    private void select(Line line) throws IOException {
        line.say("* " + mails.size() + " EXISTS");
        line.say("* OK [UIDVALIDITY " + validity + "] so it is");
    }

    private void idle(Line line) throws IOException {
        line.say("+ go on");
        Mail come = news;
        if (come != null) {
            news = null;
            mails.add(come);
            line.say("* " + mails.size() + " EXISTS");
        }
        idling.countDown();
        line.read();
    }

    private void uid(Line line, String rest) throws IOException {
        String[] words = rest.split(" ", 3);
        if (words[0].equals("FETCH") && words[1].equals("1:*")) {
            int number = 0;
            for (Mail mail : mails) {
                long size = sizes > 0 ? sizes : mail.text().length();
                line.say("* " + ++number + " FETCH (UID " + mail.uid() + " RFC822.SIZE " + size + ")");
            }
        } else if (words[0].equals("FETCH")) {
            fetch(line, Long.parseLong(words[1]), words[2].contains("HEADER"));
        } else if (words[0].equals("STORE") && words[2].contains("Deleted")) {
            deleted.add(Long.parseLong(words[1]));
        } else if (words[0].equals("EXPUNGE")) {
            mails.removeIf(mail -> deleted.contains(mail.uid()));
            deleted.clear();
        }
    }

    private void fetch(Line line, long uid, boolean header) throws IOException {
        int number = 0;
        for (Mail mail : mails) {
            number++;
            if (mail.uid() == uid) {
                if (!header && trick.play(line, mail)) {
                    return;
                }
                String text = header ? mail.text().split("\r\n\r\n", 2)[0] + "\r\n\r\n" : mail.text();
                String section = header ? "HEADER" : "";
                line.say("* " + number + " FETCH (UID " + uid + " BODY[" + section + "] {" + text.length() + "}");
                line.write(text.getBytes(StandardCharsets.ISO_8859_1));
                line.say(")");
            }
        }
    }
}
