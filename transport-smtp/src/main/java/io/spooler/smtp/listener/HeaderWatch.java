package io.spooler.smtp.listener;

/**
 * Follows the header of a content as it streams by: where it ends, how large it is, how many {@code Received} lines it
 * has. The header ends with an empty line, or before the first line that is neither a field nor its continuation. One
 * thread.
 */
final class HeaderWatch {

    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};

    private boolean open = true;
    private long size;
    private int lines;
    private int received;

    private int column;
    private boolean continuation;
    private boolean named;
    private boolean matches = true;

    /** False once the header has ended. */
    boolean isOpen() {
        return open;
    }

    /** Sees octets of the current line; neither CR nor LF. */
    void see(byte[] data, int from, int to) {
        for (int i = from; i < to && !named; i++) {
            name(data[i]);
        }
    }

    private void name(byte b) {
        if (column == 0 && (b == ' ' || b == '\t')) {
            continuation = true;
            named = true;
        } else if (b == ':') {
            named = true;
            received += matches && column == RECEIVED.length ? 1 : 0;
        } else {
            matches = matches && column < RECEIVED.length && (b | 0x20) == RECEIVED[column];
        }
        column++;
    }

    /**
     * The current line has ended.
     *
     * @param length its octets, with line end
     */
    void endLine(int length) {
        boolean field = named && !(continuation && lines == 0);
        if (field) {
            size += length;
            lines++;
        } else {
            open = false;
        }
        column = 0;
        continuation = false;
        named = false;
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
