package io.spooler.hooks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spooler.Content;
import java.io.IOException;
import java.io.InputStream;

/**
 * What the trace headers need to know of a message. A header is read as RFC 5322 sections 2.2 and 4.5 have it: a field is
 * a name of printable ASCII and a colon, maybe with white space between them, and the lines that continue it; what is
 * neither ends the header, as an empty line does.
 *
 * @param messageId it has a Message-ID
 * @param date it has a Date
 * @param traced a Received field at its top carries the spool id
 * @param whole the header was read to its end, so that what was not seen is missing
 * @param bare the message begins with neither a field nor an empty line: all of it is body
 */
record HeaderFacts(boolean messageId, boolean date, boolean traced, boolean whole, boolean bare) {

    /** No more of a message is looked at. */
    static final int LIMIT = 100 * 1024;

    private static final int FIRST_READ = 4 * 1024;

    private static final byte[] MESSAGE_ID = "message-id".getBytes(US_ASCII);
    private static final byte[] DATE = "date".getBytes(US_ASCII);
    private static final byte[] RECEIVED = "received".getBytes(US_ASCII);

    /** What hosts put in front on the way (RFC 5321 section 4.4, RFC 8601), beside {@link #RECEIVED}. */
    private static final byte[] RETURN_PATH = "return-path".getBytes(US_ASCII);

    private static final byte[] AUTHENTICATION_RESULTS = "authentication-results".getBytes(US_ASCII);

    /**
     * Reads the header of a message: usually 4 KiB, at most {@link #LIMIT}.
     *
     * @param content the message; blocks for its disk
     * @param id spool id to look for in Received fields
     * @return what was found
     * @throws IOException if the content cannot be read
     */
    static HeaderFacts read(Content content, String id) throws IOException {
        HeaderFacts facts = scan(start(content, FIRST_READ), content.size(), id);
        if (facts.whole || content.size() <= FIRST_READ) {
            return facts;
        }
        return scan(start(content, LIMIT), content.size(), id);
    }

    private static byte[] start(Content content, int limit) throws IOException {
        try (InputStream in = content.open()) {
            return in.readNBytes((int) Math.min(limit, content.size()));
        }
    }

    private static HeaderFacts scan(byte[] start, long size, String id) {
        boolean messageId = false;
        boolean date = false;
        boolean traced = false;
        boolean top = true;
        boolean first = true;
        int at = 0;
        while (at < start.length && !isLineEnd(start, at)) {
            int name = first && isWhite(start[at]) ? 0 : nameLength(start, at);
            if (name == 0) {
                // All that is here may be the beginning of a name whose colon is further on.
                boolean cut = start.length < size && lineEnd(start, at) == start.length;
                return new HeaderFacts(messageId, date, traced, !cut, first && !cut);
            }
            int end = fieldEnd(start, at);
            messageId |= is(MESSAGE_ID, start, at, name);
            date |= is(DATE, start, at, name);
            boolean received = is(RECEIVED, start, at, name);
            // Only the top ones are of this spooler; those below tell of other hosts.
            top &= received || is(RETURN_PATH, start, at, name) || is(AUTHENTICATION_RESULTS, start, at, name);
            traced |= top && contains(start, at + name, end, id);
            first = false;
            at = end;
        }
        return new HeaderFacts(messageId, date, traced, at < start.length || start.length == size, false);
    }

    /** Of the field that begins here; 0 if none does. */
    private static int nameLength(byte[] start, int from) {
        int at = from;
        while (at < start.length && start[at] > ' ' && start[at] < 0x7F && start[at] != ':') {
            at++;
        }
        int length = at - from;
        while (at < start.length && isWhite(start[at])) {
            at++;
        }
        return at < start.length && start[at] == ':' ? length : 0;
    }

    private static boolean is(byte[] name, byte[] start, int from, int length) {
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = start[from + i];
            if (b != name[i] && (b < 'A' || b > 'Z' || b + ('a' - 'A') != name[i])) {
                return false;
            }
        }
        return true;
    }

    /** Behind the line and those that continue it. */
    private static int fieldEnd(byte[] start, int from) {
        int end = lineEnd(start, from);
        while (end < start.length && isWhite(start[end])) {
            end = lineEnd(start, end);
        }
        return end;
    }

    private static int lineEnd(byte[] start, int from) {
        int at = from;
        while (at < start.length && start[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, start.length);
    }

    private static boolean contains(byte[] start, int from, int to, String id) {
        for (int at = from; at <= to - id.length(); at++) {
            int same = 0;
            while (same < id.length() && start[at + same] == id.charAt(same)) {
                same++;
            }
            if (same == id.length()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isLineEnd(byte[] start, int i) {
        return start[i] == '\n' || (start[i] == '\r' && i + 1 < start.length && start[i + 1] == '\n');
    }
}
