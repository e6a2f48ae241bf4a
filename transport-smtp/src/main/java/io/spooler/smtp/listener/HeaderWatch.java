package io.spooler.smtp.listener;

/**
 * Follows the header of a content as it streams by: whether there is one, where it ends, how large it is, how many
 * {@code Received} lines it has. A field begins with a name of printable ASCII and a colon, with or without white space
 * between them (RFC 5322 sections 2.2 and 4.5). The header ends with an empty line, or before the first line that is
 * neither a field nor its continuation. One thread.
 */
final class HeaderWatch {

    /** How a content begins. */
    enum Beginning {
        /** Too little of it has come. */
        UNKNOWN,
        /** With a field, or with an empty line. */
        HEADER,
        /** With anything else: all of it is body. */
        BODY
    }

    /** What the current line is, as far as it has come. */
    private enum Line {
        /** In the name of a field, maybe. */
        NAME,
        /** Behind it, before the colon. */
        SPACE,
        FIELD,
        CONTINUATION,
        NONE
    }

    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};
    private static final byte DELETE = 0x7F;

    private Beginning beginning = Beginning.UNKNOWN;
    private boolean open = true;
    private long size;
    private int lines;
    private int received;

    private Line line = Line.NAME;
    private int name;
    private boolean matches = true;

    /** False once the header has ended. */
    boolean isOpen() {
        return open;
    }

    Beginning beginning() {
        return beginning;
    }

    /** Sees octets of the current line; neither CR nor LF. */
    void see(byte[] data, int from, int to) {
        for (int i = from; i < to && (line == Line.NAME || line == Line.SPACE); i++) {
            see(data[i]);
        }
    }

    private void see(byte b) {
        boolean white = b == ' ' || b == '\t';
        if (white && name == 0) {
            // The first line of a content has nothing to continue.
            found(lines == 0 ? Line.NONE : Line.CONTINUATION);
        } else if (white) {
            line = Line.SPACE;
        } else if (b == ':' && name > 0) {
            found(Line.FIELD);
            received += matches && name == RECEIVED.length ? 1 : 0;
        } else if (line == Line.SPACE || b == ':' || b <= ' ' || b == DELETE) {
            found(Line.NONE);
        } else {
            matches = matches && name < RECEIVED.length && (b | 0x20) == RECEIVED[name];
            name++;
        }
    }

    private void found(Line what) {
        line = what;
        if (beginning == Beginning.UNKNOWN) {
            beginning = what == Line.FIELD ? Beginning.HEADER : Beginning.BODY;
        }
    }

    /**
     * The current line has ended.
     *
     * @param length its octets, with line end
     */
    void endLine(int length) {
        if (beginning == Beginning.UNKNOWN) {
            beginning = name == 0 ? Beginning.HEADER : Beginning.BODY;
        }
        if (line == Line.FIELD || line == Line.CONTINUATION) {
            size += length;
            lines++;
        } else {
            open = false;
        }
        line = Line.NAME;
        name = 0;
        matches = true;
    }

    long size() {
        return size;
    }

    int lines() {
        return lines;
    }

    int received() {
        return received;
    }
}
