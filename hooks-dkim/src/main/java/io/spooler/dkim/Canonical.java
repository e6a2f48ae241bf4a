package io.spooler.dkim;

import java.nio.charset.StandardCharsets;
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
        StringBuilder out = new StringBuilder();
        Map<String, Integer> taken = new HashMap<>();
        for (String name : names) {
            List<Field> all = header.all(name);
            int index = all.size() - taken.merge(name, 1, Integer::sum);
            if (index >= 0) {
                out.append(write(all.get(index), relaxed)).append("\r\n");
            }
        }
        out.append(write(signature, relaxed));
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String write(Field field, boolean relaxed) {
        return relaxed ? field.relaxed() : field.text();
    }
}
