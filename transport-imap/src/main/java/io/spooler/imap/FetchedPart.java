package io.spooler.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Takes one part of one message out of the answer to a FETCH: a literal, which is streamed, or a quoted string. What else
 * the server tells meanwhile is passed over. Used once.
 */
final class FetchedPart implements ImapDialog.Untagged, ImapDialog.Literal {

    private final String uid;
    private final String name;
    private final Remote.Sink sink;
    private boolean streamed;
    private boolean complete;

    /**
     * Waits for it.
     *
     * @param uid of the message
     * @param section between the brackets
     * @param sink takes the octets
     */
    FetchedPart(String uid, String section, Remote.Sink sink) {
        this.uid = uid;
        this.name = "BODY[" + section + "] ";
        this.sink = sink;
    }

    /** Whether all of it, and nothing but it, has come. */
    boolean isComplete() {
        return complete;
    }

    @Override
    public boolean isFor(String before) {
        return before.toUpperCase(Locale.ROOT).endsWith(name);
    }

    @Override
    public Remote.Sink sink() throws IOException {
        once();
        return sink;
    }

    private void once() throws IOException {
        if (streamed) {
            throw new IOException("the server gives more than one message for UID " + uid);
        }
        streamed = true;
    }

    @Override
    public void line(String line) throws IOException {
        int at = line.toUpperCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            return;
        }
        if (!line.matches("(?i)\\d{1,10} FETCH \\(.*\\bUID " + uid + "\\b.*")) {
            throw new IOException("the server gives another message than UID " + uid);
        }
        if (line.startsWith("\"", at + name.length())) {
            once();
            quoted(line, at + name.length() + 1);
        }
        complete = streamed;
    }

    private void quoted(String line, int from) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < line.length() && line.charAt(i) != '"'; i++) {
            i += line.charAt(i) == '\\' ? 1 : 0;
            text.append(i < line.length() ? line.charAt(i) : "");
        }
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        sink.write(octets, 0, octets.length);
    }
}
