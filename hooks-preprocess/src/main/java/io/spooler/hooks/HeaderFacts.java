package io.spooler.hooks;

import io.spooler.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * What the trace headers need to know of a message.
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

    /** What hosts put in front on the way (RFC 5321 section 4.4, RFC 8601). */
    private static final Set<String> TRACE = Set.of("received", "return-path", "authentication-results");

    static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMalformedHeaderStartsBody(true)
            .build();

    /**
     * Reads the header of a message: usually 4 KiB, at most {@link #LIMIT}.
     *
     * @param content the message; blocks for its disk
     * @param id spool id to look for in Received fields
     * @return what was found
     * @throws IOException if the content cannot be read
     */
    static HeaderFacts read(Content content, String id) throws IOException {
        byte[] start = content.open().readNBytes(FIRST_READ);
        HeaderFacts facts = scan(start, content.size(), id);
        if (facts.whole || content.size() <= FIRST_READ) {
            return facts;
        }
        return scan(content.open().readNBytes(LIMIT), content.size(), id);
    }

    private static HeaderFacts scan(byte[] start, long size, String id) throws IOException {
        if (start.length == 0) {
            return new HeaderFacts(false, false, false, true, false);
        }
        MimeTokenStream stream = new MimeTokenStream(CONFIG);
        stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
        try {
            stream.parse(new ByteArrayInputStream(start));
            return fields(stream, start, size, id);
        } catch (MimeException e) {
            // Whatever it is, it is carried as it is: nothing is known to be missing.
            return new HeaderFacts(false, false, false, false, false);
        }
    }

    private static HeaderFacts fields(MimeTokenStream stream, byte[] start, long size, String id)
            throws IOException, MimeException {
        boolean messageId = false;
        boolean date = false;
        boolean traced = false;
        boolean top = true;
        int count = 0;
        for (EntityState state = stream.getState(); state != EntityState.T_END_HEADER; state = stream.next()) {
            if (state == EntityState.T_FIELD) {
                Field field = stream.getField();
                String name = field.getName().toLowerCase(Locale.ROOT);
                messageId |= name.equals("message-id");
                date |= name.equals("date");
                // Only the top ones are of this spooler; those below tell of other hosts.
                top &= TRACE.contains(name);
                traced |= top && field.getBody().contains(id);
                count++;
            }
        }
        // Without any field and without the empty line, what is there is body.
        boolean bare = count == 0 && !isLineEnd(start, 0);
        return new HeaderFacts(messageId, date, traced, bare || start.length == size || hasEmptyLine(start), bare);
    }

    /** The parser ends the header where the bytes end, too: look whether it really ends. */
    private static boolean hasEmptyLine(byte[] start) {
        for (int i = 0; i < start.length; i++) {
            if ((i == 0 || start[i - 1] == '\n') && isLineEnd(start, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLineEnd(byte[] start, int i) {
        return start[i] == '\n' || (start[i] == '\r' && i + 1 < start.length && start[i + 1] == '\n');
    }
}
