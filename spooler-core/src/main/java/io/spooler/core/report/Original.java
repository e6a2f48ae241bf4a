package io.spooler.core.report;

import io.spooler.Content;
import io.spooler.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * What a report needs of the message it is about: its header, up to a limit. Untrusted: what goes into fields of the
 * report is made harmless here.
 */
final class Original {

    /** Of a message that is not looked at. */
    static final Original NONE = new Original(new byte[0], Map.of());

    private static final int MAX_HEADER = 64 * 1024;
    private static final int MAX_SUBJECT = 120;
    // Holds so much in encoded words of any kind. To look through a whole header of broken ones takes seconds.
    private static final int MAX_ENCODED = 2000;
    private static final int MAX_REFERENCES = 20;
    private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,250}>");
    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMalformedHeaderStartsBody(true)
            .build();

    private final byte[] header;
    private final Map<String, String> fields;

    private Original(byte[] header, Map<String, String> fields) {
        this.header = header;
        this.fields = fields;
    }

    /**
     * Reads the header.
     *
     * @param content the accepted bytes; blocks for their disk
     * @return what was found
     * @throws IOException if they cannot be read
     */
    static Original read(Content content) throws IOException {
        byte[] start;
        try (InputStream in = content.open()) {
            start = in.readNBytes(MAX_HEADER);
        }
        byte[] header = Arrays.copyOf(start, endOfHeader(start));
        return new Original(header, header.length == 0 ? Map.of() : fields(header));
    }

    /** Behind the line end of the last field; where the header does not end within the limit, of the last whole line. */
    private static int endOfHeader(byte[] bytes) {
        int line = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (i == line || (i == line + 1 && bytes[line] == '\r')) {
                    return line;
                }
                line = i + 1;
            }
        }
        return bytes.length < MAX_HEADER ? bytes.length : line;
    }

    /** As far as they are understood: whatever a stranger wrote, a report comes of it. */
    private static Map<String, String> fields(byte[] header) {
        Map<String, String> fields = new HashMap<>();
        MimeTokenStream stream = new MimeTokenStream(CONFIG);
        stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
        try {
            stream.parse(new ByteArrayInputStream(header));
            for (EntityState state = stream.getState(); state != EntityState.T_END_HEADER; state = stream.next()) {
                if (state == EntityState.T_FIELD) {
                    Field field = stream.getField();
                    fields.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), field.getBody());
                }
            }
        } catch (MimeException | IOException | RuntimeException e) {
            return fields;
        }
        return fields;
    }

    /** The header as it was accepted, without the empty line; at most 64 KiB. */
    byte[] header() {
        return header.clone();
    }

    boolean isHeaderAscii() {
        for (byte b : header) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /** The subject for people, decoded; empty if there is none. */
    String subject() {
        String text = Reply.clean(decoded(fields.getOrDefault("subject", "")).replaceAll("\\s+", " "));
        return text.length() <= MAX_SUBJECT ? text : text.substring(0, MAX_SUBJECT) + "…";
    }

    private static String decoded(String field) {
        String words = field.substring(0, Math.min(field.length(), MAX_ENCODED));
        try {
            return DecoderUtil.decodeEncodedWords(words, DecodeMonitor.SILENT, StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            // A subject that nobody can decode is shown as it came.
            return words;
        }
    }

    /** The first field of a name, in lower case, as it came; empty if there is none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The Message-ID with its brackets; empty if there is none. */
    String messageId() {
        Matcher matcher = MESSAGE_ID.matcher(fields.getOrDefault("message-id", ""));
        return matcher.find() ? matcher.group() : "";
    }

    /** What a reply refers to (RFC 5322 section 3.6.4): the last ones of the original's list, and itself; maybe empty. */
    String references() {
        String own = messageId();
        if (own.isEmpty()) {
            return "";
        }
        String former = fields.getOrDefault("references", fields.getOrDefault("in-reply-to", ""));
        String[] ids = MESSAGE_ID
                .matcher(former)
                .results()
                .map(java.util.regex.MatchResult::group)
                .toArray(String[]::new);
        String last = String.join(" ", Arrays.copyOfRange(ids, Math.max(0, ids.length - MAX_REFERENCES), ids.length));
        return (last + " " + own).strip();
    }
}
