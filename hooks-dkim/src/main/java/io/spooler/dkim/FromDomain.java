package io.spooler.dkim;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** In whose name a message speaks. Pure. */
final class FromDomain {

    private static final Pattern ADDRESS = Pattern.compile("(?:[^<>]*<)?[^<>@,;]*@([^<>@,; ]+) *(?:>[^<>]*)?");

    private FromDomain() {}

    /**
     * The domain of the author.
     *
     * @param header of the message
     * @return in ASCII and lower case; empty if there is not exactly one author, or no domain that can be read
     */
    static Optional<String> of(Header header) {
        List<Field> from = header.all("from");
        return from.size() == 1 ? of(from.get(0).value()) : Optional.empty();
    }

    private static Optional<String> of(String value) {
        // What is quoted may hold anything, and is never the domain.
        var address = ADDRESS.matcher(Field.collapse(Comments.bare(value)));
        if (!address.matches()) {
            return Optional.empty();
        }
        byte[] octets = address.group(1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            String ascii = IDN.toASCII(new String(octets, StandardCharsets.UTF_8));
            return Mark.isHost(ascii) ? Optional.of(ascii.toLowerCase(Locale.ROOT)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
