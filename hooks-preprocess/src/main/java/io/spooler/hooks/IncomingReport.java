package io.spooler.hooks;

import io.spooler.Content;
import io.spooler.SpoolId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * What a report says that another system has sent: of delivery (RFC 3464) or of reading (RFC 8098). Untrusted; at most 1 MiB
 * of it are read.
 *
 * @param blocks the groups of fields of the part for programs; the first is about the message
 * @param original header of the message that it is about, as far as it is returned
 * @param reading true for a report of reading
 */
record IncomingReport(List<MailHeader> blocks, MailHeader original, boolean reading) {

    static final int LIMIT = 1024 * 1024;

    private static final int MOST_BLOCKS = 1000;

    /** The parts that matter are those of the outermost one. The parser needs some stack for each level. */
    private static final int MOST_LEVELS = 20;

    private static final Pattern ID = Pattern.compile("(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])");
    private static final Set<String> STATUS = Set.of("message/delivery-status", "message/global-delivery-status");
    private static final Set<String> READING =
            Set.of("message/disposition-notification", "message/global-disposition-notification");
    private static final Set<String> RETURNED =
            Set.of("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers");

    /** Copies the list. */
    IncomingReport {
        blocks = List.copyOf(blocks);
    }

    /**
     * Reads a message that is a report.
     *
     * @param content blocks for its disk
     * @return what it says; without blocks if it says nothing to programs
     * @throws IOException if it cannot be read
     */
    static IncomingReport read(Content content) throws IOException {
        Reader reader = new Reader();
        try (InputStream in = content.open()) {
            reader.read(in.readNBytes(LIMIT));
        } catch (MimeException e) {
            // What was readable counts.
        }
        return new IncomingReport(reader.blocks, reader.original, reader.reading);
    }

    /** Goes through the parts. */
    private static final class Reader {

        private final List<MailHeader> blocks = new ArrayList<>();
        private MailHeader original = new MailHeader(List.of());
        private boolean reading;

        private void read(byte[] bytes) throws IOException, MimeException {
            MimeTokenStream stream = new MimeTokenStream(MailHeader.CONFIG);
            stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
            stream.parse(new ByteArrayInputStream(bytes));
            int level = 0;
            EntityState state = stream.getState();
            while (state != EntityState.T_END_OF_STREAM && level <= MOST_LEVELS) {
                if (state == EntityState.T_BODY) {
                    part(stream.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT), stream);
                }
                level += step(state);
                state = stream.next();
            }
        }

        private static int step(EntityState state) {
            return state == EntityState.T_START_MULTIPART ? 1 : state == EntityState.T_END_MULTIPART ? -1 : 0;
        }

        private void part(String type, MimeTokenStream stream) throws IOException {
            if (STATUS.contains(type) || READING.contains(type)) {
                reading = READING.contains(type);
                String text = new String(stream.getDecodedInputStream().readAllBytes(), StandardCharsets.UTF_8);
                for (String block : text.strip().split("\\r?\\n[ \\t]*\\r?\\n", MOST_BLOCKS)) {
                    byte[] fields = (block.strip() + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
                    blocks.add(MailHeader.read(new ByteArrayInputStream(fields)));
                }
            } else if (RETURNED.contains(type)) {
                original = MailHeader.read(stream.getDecodedInputStream());
            }
        }
    }

    /**
     * The messages of ours that it may be about, by the envelope id, the message id and the trace lines that this spooler
     * writes.
     *
     * @return ids, the most exact first
     */
    Set<SpoolId> candidates() {
        List<String> texts = new ArrayList<>();
        if (!blocks.isEmpty()) {
            texts.addAll(blocks.get(0).all("Original-Envelope-Id"));
            texts.addAll(blocks.get(0).all("Original-Message-ID"));
        }
        texts.addAll(original.all("Message-ID"));
        texts.addAll(original.all("Received"));
        Set<SpoolId> ids = new LinkedHashSet<>();
        texts.stream()
                .flatMap(text -> ID.matcher(text).results())
                .map(MatchResult::group)
                .limit(MOST_BLOCKS)
                .forEach(id -> ids.add(SpoolId.parse(id)));
        return ids;
    }
}
