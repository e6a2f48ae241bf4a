package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header of the PROXY protocol, version 1 (a line) or 2 (octets). */
final class ProxyParser {

    /**
     * What was read.
     *
     * @param client the client, or null
     * @param isWrong true if it is no such header; false without a client means that its end has not come
     */
    record Result(@Nullable InetAddress client, boolean isWrong) {}

    private static final Result MORE = new Result(null, false);
    private static final Result WRONG = new Result(null, true);

    private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LINE = 107;
    private static final Pattern FIELDS =
            Pattern.compile("PROXY (?:UNKNOWN(?: .*)?|(TCP4|TCP6) (\\S+) (\\S+) \\d{1,5} \\d{1,5})");

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED = 16;
    private static final int MAX_REST = 2048;
    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int IPV4 = 4;
    private static final int IPV6 = 16;
    /** Two ports. */
    private static final int PORTS = 4;

    private ProxyParser() {}

    /**
     * Reads a header, all of it or nothing.
     *
     * @param in read behind the header, if it is whole
     * @param own the address of the peer, which is the client's where the header names none
     */
    static Result parse(ByteBuf in, InetAddress own) {
        if (begins(in, SIGNATURE)) {
            return in.readableBytes() < FIXED ? MORE : octets(in, own);
        }
        return begins(in, LINE) ? line(in, own) : WRONG;
    }

    /** Whether it begins like this, as far as it has come. */
    private static boolean begins(ByteBuf in, byte[] how) {
        int length = Math.min(in.readableBytes(), how.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != how[i]) {
                return false;
            }
        }
        return true;
    }

    private static Result line(ByteBuf in, InetAddress own) {
        int lf = in.bytesBefore((byte) '\n');
        if (lf < 0 || lf >= MAX_LINE) {
            return in.readableBytes() < MAX_LINE ? MORE : WRONG;
        }
        String text = in.toString(in.readerIndex(), lf, StandardCharsets.ISO_8859_1);
        in.skipBytes(lf + 1);
        Matcher m = FIELDS.matcher(text.endsWith("\r") ? text.substring(0, lf - 1) : "");
        if (!m.matches()) {
            return WRONG;
        }
        return m.group(1) == null
                ? new Result(own, false)
                : address(m.group(2), m.group(1).equals("TCP4"));
    }

    private static Result address(String text, boolean four) {
        boolean fits = four ? NetUtil.isValidIpV4Address(text) : NetUtil.isValidIpV6Address(text);
        InetAddress client = fits ? NetUtil.createInetAddressFromIpAddressString(text) : null;
        return client == null ? WRONG : new Result(client, false);
    }

    private static Result octets(ByteBuf in, InetAddress own) {
        int start = in.readerIndex();
        int command = in.getUnsignedByte(start + 12);
        int family = in.getUnsignedByte(start + 13);
        int length = in.getUnsignedShort(start + 14);
        if (length > MAX_REST || (command != LOCAL && command != PROXIED)) {
            return WRONG;
        }
        if (in.readableBytes() < FIXED + length) {
            return MORE;
        }
        in.skipBytes(FIXED + length);
        int octets = command == LOCAL ? 0 : family == TCP4 ? IPV4 : family == TCP6 ? IPV6 : 0;
        if (octets == 0) {
            return new Result(own, false);
        }
        return length < 2 * octets + PORTS ? WRONG : address(ByteBufUtil.getBytes(in, start + FIXED, octets));
    }

    private static Result address(byte[] octets) {
        try {
            return new Result(InetAddress.getByAddress(octets), false);
        } catch (UnknownHostException e) {
            return WRONG;
        }
    }
}
