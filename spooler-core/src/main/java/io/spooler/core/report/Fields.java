package io.spooler.core.report;

import io.spooler.Address;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.james.mime4j.util.MimeUtil;

/** Writes header fields, one after the other, folded. Whatever the value holds, one field stays one field. */
final class Fields {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder(512);

    /** A field; characters beyond ASCII stay. */
    Fields add(String name, String value) {
        text.append(MimeUtil.fold(name + ": " + harmless(value), 0)).append("\r\n");
        return this;
    }

    /** A field with a date. */
    Fields add(String name, Instant time) {
        return add(name, DATE.format(time));
    }

    /** A field that is written as it is, lines and all. */
    Fields raw(String lines) {
        text.append(lines).append("\r\n");
        return this;
    }

    /** The empty line. */
    Fields end() {
        text.append("\r\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String harmless(String value) {
        StringBuilder out = new StringBuilder(value.length());
        value.chars().forEach(c -> out.append(Character.isISOControl(c) ? ' ' : (char) c));
        return out.toString().strip();
    }

    /** Only ASCII: whatever else a remote host said becomes a question mark. */
    static String ascii(String value) {
        StringBuilder out = new StringBuilder(value.length());
        value.codePoints().forEach(c -> out.append(c < 128 ? (char) c : '?'));
        return out.toString();
    }

    static boolean isAscii(String value) {
        return value.chars().allMatch(c -> c < 128);
    }

    /**
     * An address with its type, in ASCII: {@code rfc822} for mail, {@code utf-8} where it is international, with the
     * characters that RFC 6533 section 3 names written as {@code \x{…}}, so that no path needs SMTPUTF8 for it.
     */
    static String typed(Address address) {
        if (!address.type().equals(Address.SMTP)) {
            return address.type() + "; " + ascii(address.value());
        }
        return isAscii(address.value()) ? "rfc822; " + address.value() : "utf-8; " + escaped(address.value());
    }

    /** An ORCPT, {@code type;value}, decoded. */
    static String typed(String original) {
        int semicolon = original.indexOf(';');
        String type = semicolon < 0 ? "rfc822" : original.substring(0, semicolon);
        String value = original.substring(semicolon + 1);
        return isAscii(value) ? ascii(type) + "; " + value : "utf-8; " + escaped(value);
    }

    private static String escaped(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16);
        value.codePoints().forEach(c -> {
            if (c > ' ' && c < 127 && c != '+' && c != '=' && c != '\\') {
                out.append((char) c);
            } else {
                out.append(String.format(Locale.ROOT, "\\x{%02X}", c));
            }
        });
        return out.toString();
    }
}
