package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the commands of a transaction with the parameters that the server understands. What it does not understand is
 * left out; DSN wishes are then the matter of the spooler. Addresses must have been checked. No state.
 */
final class Commands {

    /** RFC 3461 section 4.4. */
    private static final int MAX_ENVID = 100;
    /** RFC 3461 section 4.2. */
    private static final int MAX_ORCPT = 500;

    private Commands() {}

    static void line(ByteBuf out, String command) {
        ByteBufUtil.writeUtf8(out, command);
        out.writeByte('\r').writeByte('\n');
    }

    /**
     * MAIL FROM.
     *
     * @param out takes the command
     * @param sender the reverse path, or null for {@code <>}
     * @param options of the envelope
     * @param size octets of the content as it is sent
     * @param eightBit whether the content has octets beyond 127
     * @param utf8 whether SMTPUTF8 is needed
     * @param server what it understands
     */
    static void mail(
            ByteBuf out,
            @Nullable Address sender,
            Envelope.Options options,
            long size,
            boolean eightBit,
            boolean utf8,
            Extensions server) {
        StringBuilder line = new StringBuilder(128).append("MAIL FROM:<");
        line.append(sender == null ? "" : sender.value()).append('>');
        if (server.size()) {
            line.append(" SIZE=").append(size);
        }
        if (eightBit) {
            line.append(" BODY=8BITMIME");
        }
        if (utf8) {
            line.append(" SMTPUTF8");
        }
        if (server.dsn()) {
            dsn(line, options);
        }
        line(out, line.toString());
    }

    private static void dsn(StringBuilder line, Envelope.Options options) {
        Envelope.Return ret = options.ret();
        if (ret != null) {
            line.append(ret == Envelope.Return.FULL ? " RET=FULL" : " RET=HDRS");
        }
        String envid = options.envid();
        String encoded = envid == null ? null : xtext(envid);
        if (encoded != null && !encoded.isEmpty() && encoded.length() <= MAX_ENVID) {
            line.append(" ENVID=").append(encoded);
        }
    }

    /**
     * RCPT TO.
     *
     * @param out takes the command
     * @param recipient to whom
     * @param utf8 whether SMTPUTF8 was said
     * @param server what it understands
     */
    static void rcpt(ByteBuf out, Recipient recipient, boolean utf8, Extensions server) {
        ByteBufUtil.writeAscii(out, "RCPT TO:<");
        ByteBufUtil.writeUtf8(out, recipient.address().value());
        out.writeByte('>');
        if (server.dsn()) {
            ByteBufUtil.writeUtf8(out, notify(recipient) + original(recipient.original(), utf8));
        }
        out.writeByte('\r').writeByte('\n');
    }

    private static String notify(Recipient recipient) {
        if (recipient.notifyOn().isEmpty()) {
            return "";
        }
        return Stream.of(Notify.values())
                .filter(recipient.notifyOn()::contains)
                .map(n -> n.name().toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(",", " NOTIFY=", ""));
    }

    private static String original(@Nullable String original, boolean utf8) {
        int semicolon = original == null ? -1 : original.indexOf(';');
        if (original == null || semicolon <= 0) {
            return "";
        }
        String type = original.substring(0, semicolon);
        String address = original.substring(semicolon + 1);
        String value = type.equalsIgnoreCase("utf-8") ? international(address, utf8) : xtext(address);
        boolean valid = type.chars().allMatch(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
        String parameter = " ORCPT=" + type + ';' + value;
        return valid && value != null && parameter.length() <= MAX_ORCPT ? parameter : "";
    }

    /**
     * An address of the type utf-8 (RFC 6533 section 3). What came in the form that is ASCII stays so.
     *
     * @param text the address
     * @param utf8 whether SMTPUTF8 was said, so that characters may stand for themselves
     * @return null for what it cannot express
     */
    static @Nullable String international(String text, boolean utf8) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                return null;
            }
            boolean plain = c > ' ' && "+=\\".indexOf(c) < 0 && (utf8 || c < 127);
            if (plain || text.startsWith("\\x{", i)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\x{%02X}", c));
            }
        }
        return out.toString();
    }

    /** RFC 3461 section 4; null for what it cannot express. */
    static @Nullable String xtext(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                return null;
            }
            if (b > ' ' && b < 127 && b != '+' && b != '=') {
                out.append((char) b);
            } else {
                out.append(String.format(Locale.ROOT, "+%02X", b));
            }
        }
        return out.toString();
    }
}
