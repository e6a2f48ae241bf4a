package io.spooler;

import java.util.Locale;

/**
 * Names a set of addresses: {@code TYPE:glob}, where {@code *} in the glob stands for any characters and a type of
 * {@code *} for any type. Comparison ignores case. Examples: {@code SMTP:*@example.org}, {@code LOCAL:*}, {@code *:*}.
 *
 * @param type an address type, or {@code *}
 * @param glob what the value must look like
 */
public record AddressPattern(String type, String glob) {

    /** Every address. */
    public static final AddressPattern ANY = new AddressPattern("*", "*");

    /** Normalises both parts. */
    public AddressPattern {
        type = type.toUpperCase(Locale.ROOT);
        glob = glob.toLowerCase(Locale.ROOT);
        if (type.isEmpty() || glob.isEmpty()) {
            throw new IllegalArgumentException("address pattern must be TYPE:glob");
        }
    }

    /**
     * Reads {@code TYPE:glob}; a text without a type is a pattern of SMTP addresses.
     *
     * @param text the pattern
     * @return the pattern
     * @throws IllegalArgumentException if a part is empty
     */
    public static AddressPattern parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new AddressPattern(Address.SMTP, text)
                : new AddressPattern(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * Tells whether an address belongs to the set.
     *
     * @param address any address
     * @return true if type and value match
     */
    public boolean matches(Address address) {
        return (type.equals("*") || type.equals(address.type()))
                && matches(glob, address.value().toLowerCase(Locale.ROOT));
    }

    /**
     * Tells whether a text looks like a glob. Linear in text times stars: on a mismatch only the last star is moved.
     *
     * @param glob {@code *} stands for any characters
     * @param text compared with case
     * @return true if all of the text matches
     */
    public static boolean matches(String glob, String text) {
        int t = 0;
        int g = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                resume = t;
            } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
                g++;
                t++;
            } else if (star >= 0) {
                g = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    @Override
    public String toString() {
        return type + ':' + glob;
    }
}
