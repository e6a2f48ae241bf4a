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
     * @param size octets of the content
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
     * @param server what it understands
     */
    static void rcpt(ByteBuf out, Recipient recipient, Extensions server) {
        ByteBufUtil.writeAscii(out, "RCPT TO:<");
        ByteBufUtil.writeUtf8(out, recipient.address().value());
        out.writeByte('>');
        if (server.dsn()) {
            ByteBufUtil.writeAscii(out, notify(recipient) + original(recipient.original()));
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

    private static String original(@Nullable String original) {
        int semicolon = original == null ? -1 : original.indexOf(';');
        if (original == null || semicolon <= 0) {
            return "";
        }
        String type = original.substring(0, semicolon);
        String value = xtext(original.substring(semicolon + 1));
        boolean valid = type.chars().allMatch(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
        String parameter = " ORCPT=" + type + ';' + value;
        return valid && value != null && parameter.length() <= MAX_ORCPT ? parameter : "";
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
