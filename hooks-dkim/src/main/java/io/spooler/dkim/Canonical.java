package io.spooler.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The octets of a header that a signature covers (RFC 6376 section 3.7). Pure. */
final class Canonical {

    private Canonical() {}

    /**
     * Puts the signed fields together. Of several with one name the lowest is taken first; a name that is there more often than
     * such a field covers that there is no other.
     *
     * @param header of the message
     * @param names of the fields that are signed, in lower case
     * @param signature the field of the signature, with an empty {@code b}
     * @param relaxed how it is written
     * @return octets
     */
    static byte[] header(Header header, List<String> names, Field signature, boolean relaxed) {
        // Each field is looked at once: a stranger says how many there are, and how many names.
        Map<String, Deque<Field>> left = new HashMap<>();
        header.fields()
                .forEach(field -> left.computeIfAbsent(field.name(), name -> new ArrayDeque<>())
                        .add(field));
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            Deque<Field> same = left.get(name);
            Field lowest = same == null ? null : same.pollLast();
            if (lowest != null) {
                out.append(write(lowest, relaxed)).append("\r\n");
            }
        }
        out.append(write(signature, relaxed));
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String write(Field field, boolean relaxed) {
        return relaxed ? field.relaxed() : field.text();
    }
}
