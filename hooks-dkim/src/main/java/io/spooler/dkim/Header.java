package io.spooler.dkim;

import io.spooler.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header of a message as it is, octet by octet. A line that is no field is kept as one without a name.
 *
 * @param fields from the top
 * @param body position of the first octet of the body
 */
record Header(List<Field> fields, long body) {

    /** Larger ones are not looked through. */
    static final int LIMIT = 1024 * 1024;

    private static final int FIRST_READ = 8 * 1024;

    /**
     * Reads a header: 8 KiB as a rule.
     *
     * @param content the message; blocks for its disk
     * @return empty if it is larger than {@link #LIMIT}
     * @throws IOException if the content cannot be read
     */
    static Optional<Header> read(Content content) throws IOException {
        for (int size : new int[] {FIRST_READ, LIMIT}) {
            Optional<Header> found = scan(content.open().readNBytes(size), content.size() <= size);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Header> scan(byte[] octets, boolean all) {
        List<StringBuilder> fields = new ArrayList<>();
        int at = 0;
        while (at < octets.length) {
            int end = lineEnd(octets, at);
            if (end == octets.length && !all) {
                return Optional.empty();
            }
            int next = Math.min(end + 1, octets.length);
            String line = text(octets, at, end);
            at = next;
            if (line.isEmpty()) {
                return Optional.of(of(fields, at));
            }
            boolean continued = line.charAt(0) == ' ' || line.charAt(0) == '\t';
            if (continued && !fields.isEmpty()) {
                fields.get(fields.size() - 1).append("\r\n").append(line);
            } else {
                fields.add(new StringBuilder(line));
            }
        }
        return all ? Optional.of(of(fields, at)) : Optional.empty();
    }

    private static Header of(List<StringBuilder> fields, long body) {
        return new Header(fields.stream().map(text -> Field.of(text.toString())).toList(), body);
    }

    private static int lineEnd(byte[] octets, int from) {
        int end = from;
        while (end < octets.length && octets[end] != '\n') {
            end++;
        }
        return end;
    }

    /** A bare LF ends a line, too: it is sent as CRLF. */
    private static String text(byte[] octets, int from, int end) {
        int to = end < octets.length && end > from && octets[end - 1] == '\r' ? end - 1 : end;
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether each of its lines is part of a field. */
    boolean isWellFormed() {
        return fields.stream().noneMatch(field -> field.name().isEmpty());
    }

    /** All fields of a name, from the top. */
    List<Field> all(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).toList();
    }
}
