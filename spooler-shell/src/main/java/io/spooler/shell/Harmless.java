package io.spooler.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * Prints untrusted text so that it cannot command a terminal: control characters other than CR, LF and TAB are shown in
 * caret notation, those above ASCII, and marks that turn the direction of writing, as a replacement character. What is
 * not UTF-8 is replaced, too; all else is printed as it is.
 */
final class Harmless {

    private static final int CHUNK = 8192;
    private static final char REPLACEMENT = '\uFFFD';

    private Harmless() {}

    /**
     * Prints everything.
     *
     * @param in untrusted octets
     * @param out the terminal
     * @throws IOException if the stream cannot be read
     */
    static void print(InputStream in, PrintStream out) throws IOException {
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        char[] chunk = new char[CHUNK];
        StringBuilder safe = new StringBuilder(CHUNK);
        for (int count = reader.read(chunk); count >= 0 && !out.checkError(); count = reader.read(chunk)) {
            safe.setLength(0);
            for (int i = 0; i < count; i++) {
                append(chunk[i], safe);
            }
            out.print(safe);
        }
        out.flush();
    }

    private static void append(char c, StringBuilder safe) {
        if (c == '\r' || c == '\n' || c == '\t') {
            safe.append(c);
        } else if (c < ' ' || c == 0x7F) {
            safe.append('^').append((char) (c ^ 0x40));
        } else if (Character.isISOControl(c) || turnsDirection(c)) {
            safe.append(REPLACEMENT);
        } else {
            safe.append(c);
        }
    }

    private static boolean turnsDirection(char c) {
        return (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    }
}
