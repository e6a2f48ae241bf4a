package io.spooler.hooks;

import io.spooler.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * The header of a message that came in, as far as it is within {@link HeaderFacts#LIMIT}. Untrusted. What cannot be read
 * as mail has no fields.
 *
 * @param fields in their order
 */
record MailHeader(List<Field> fields) {

    static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMalformedHeaderStartsBody(true)
            .build();

    /**
     * One field.
     *
     * @param name in lower case
     * @param body unfolded, encoded words not decoded
     */
    record Field(String name, String body) {}

    /** Copies the list. */
    MailHeader {
        fields = List.copyOf(fields);
    }

    /**
     * Reads the header of a message.
     *
     * @param content blocks for its disk
     * @return its fields
     * @throws IOException if it cannot be read
     */
    static MailHeader read(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return read(in);
        }
    }

    /**
     * Reads a header.
     *
     * @param in at most {@link HeaderFacts#LIMIT} octets of it are read
     * @return its fields
     * @throws IOException if it cannot be read
     */
    static MailHeader read(InputStream in) throws IOException {
        List<Field> fields = new ArrayList<>();
        byte[] start = in.readNBytes(HeaderFacts.LIMIT);
        if (start.length > 0) {
            try {
                collect(start, fields);
            } catch (MimeException e) {
                // What was readable counts.
            }
        }
        return new MailHeader(fields);
    }

    private static void collect(byte[] start, List<Field> fields) throws IOException, MimeException {
        MimeTokenStream stream = new MimeTokenStream(CONFIG);
        stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
        stream.parse(new ByteArrayInputStream(start));
        for (EntityState state = stream.getState(); state != EntityState.T_END_HEADER; state = stream.next()) {
            if (state == EntityState.T_FIELD) {
                var field = stream.getField();
                fields.add(new Field(
                        field.getName().toLowerCase(Locale.ROOT),
                        field.getBody().strip()));
            }
        }
    }

    /**
     * All fields of a name.
     *
     * @param name compared without case
     * @return their bodies, unfolded
     */
    List<String> all(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return fields.stream()
                .filter(field -> field.name().equals(folded))
                .map(Field::body)
                .toList();
    }

    /**
     * The first field of a name.
     *
     * @param name compared without case
     * @return its body, or empty
     */
    String first(String name) {
        return all(name).stream().findFirst().orElse("");
    }

    /**
     * A body as people read it.
     *
     * @param body of a field
     * @return with encoded words decoded (RFC 2047)
     */
    static String decoded(String body) {
        return DecoderUtil.decodeEncodedWords(body, DecodeMonitor.SILENT);
    }
}
