package io.spooler;

import java.util.Locale;

/**
 * Where a message goes to or comes from: an address type and an address in the form of that type, for example
 * {@code SMTP:ann@example.org} or {@code LOCAL:ann} (R27, R29).
 *
 * <p>The value is opaque: never a path, never an argument of a command. It holds no control characters.
 *
 * @param type upper-case tag of letters and digits, at most 32; given in any case, kept in upper case (R29)
 * @param value the address, 1 to 1 024 characters, no control characters
 */
public record Address(String type, String value) {

    /** The type of Internet mail addresses. */
    public static final String SMTP = "SMTP";

    /** The type of mailboxes of this spooler. */
    public static final String LOCAL = "LOCAL";

    /** The type of lists of addresses: {@code LIST:team}. They are expanded when a message is submitted (R7). */
    public static final String LIST = "LIST";

    private static final int MAX_TYPE = 32;
    private static final int MAX_VALUE = 1024;

    /**
     * Checks and normalises.
     *
     * @throws IllegalArgumentException if type or value is not as described
     */
    public Address {
        type = type.toUpperCase(Locale.ROOT);
        if (type.isEmpty() || type.length() > MAX_TYPE || !isType(type)) {
            throw new IllegalArgumentException("address type must be 1 to 32 letters or digits: " + Reply.clean(type));
        }
        if (value.isEmpty() || value.length() > MAX_VALUE) {
            throw new IllegalArgumentException("address must have 1 to 1024 characters: " + Reply.clean(value));
        }
        if (hasControl(value)) {
            throw new IllegalArgumentException("address holds a control character: " + Reply.clean(value));
        }
    }

    // Every record that is read back makes addresses: loops, which cost less than streams.
    private static boolean isType(String type) {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * An Internet mail address.
     *
     * @param mailbox {@code local-part@domain} (RFC 5321 section 4.1.2), not checked beyond what {@link Address} checks
     * @return the address with type SMTP
     */
    public static Address smtp(String mailbox) {
        return new Address(SMTP, mailbox);
    }

    /**
     * Reads {@code TYPE:value}. A text without a type is taken as SMTP if it holds an {@code @}.
     *
     * @param text what {@link #toString()} writes, or a plain mail address
     * @return the address
     * @throws IllegalArgumentException if there is neither a type nor an {@code @}, or a part is not allowed
     */
    public static Address parse(String text) {
        int colon = text.indexOf(':');
        int at = text.indexOf('@');
        if (at >= 0 && (colon < 0 || at < colon)) {
            return smtp(text);
        }
        if (colon < 0) {
            throw new IllegalArgumentException("address must be TYPE:value or local-part@domain: " + Reply.clean(text));
        }
        return new Address(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * Reads an address as people write it: as {@link #parse} does, or with a name in front, {@code Ann Lee
     * <ann@example.org>} or {@code Ann [FAX:+351 21 000 0000]} (R7). The name is left out: it belongs into the content.
     *
     * @param text an address, with a name in front perhaps; the name may stand in quotes
     * @return the address
     * @throws IllegalArgumentException if it is no address, or a bracket is not closed at the end
     */
    public static Address resolve(String text) {
        String whole = text.strip();
        int open = bracket(whole);
        if (open < 0) {
            return parse(whole);
        }
        if (whole.charAt(whole.length() - 1) != (whole.charAt(open) == '<' ? '>' : ']')) {
            throw new IllegalArgumentException("bracket is not closed at the end: " + Reply.clean(whole));
        }
        return parse(whole.substring(open + 1, whole.length() - 1).strip());
    }

    /** Where an address in brackets begins; those of a domain, {@code ann@[192.0.2.1]}, stand behind no space. */
    private static int bracket(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '<' || (c == '[' && (i == 0 || text.charAt(i - 1) == ' ')))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The part behind the last {@code @}, in lower case.
     *
     * @return the domain, or an empty text where there is none
     */
    public String domain() {
        return value.substring(domainStart()).toLowerCase(Locale.ROOT);
    }

    /**
     * The part before the last {@code @}.
     *
     * @return the local part, or the whole value where there is no {@code @}
     */
    public String localPart() {
        int start = domainStart();
        return start == value.length() ? value : value.substring(0, start - 1);
    }

    private int domainStart() {
        int at = value.lastIndexOf('@');
        return at < 0 ? value.length() : at + 1;
    }

    /**
     * A text that is equal for addresses that mean the same recipient: the domain in lower case, the rest as it is.
     * Used to remove duplicates (R7).
     *
     * @return the comparison key
     */
    public String key() {
        int start = domainStart();
        return type + ':' + value.substring(0, start) + value.substring(start).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return type + ':' + value;
    }
}
