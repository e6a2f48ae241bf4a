package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.spooler.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes replies of bytes (RFC 5321 section 4.2). A reply may have many lines, but no more than 64 KiB in all: whoever
 * sends more, with or without line ends, is cut off. Netty's own decoder refuses a code without text, which the RFC
 * allows, and notices an endless line only at its end.
 */
final class ReplyDecoder extends ByteToMessageDecoder {

    static final int BUDGET = 65_536;
    private static final int CODE = 3;

    private final List<String> lines = new ArrayList<>(1);
    private int spent;
    private int searched;

    /** Whether bytes are here that belong to no reply given so far. */
    boolean hasMore() {
        return actualReadableBytes() > 0 || !lines.isEmpty();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        int end = in.indexOf(start + searched, in.writerIndex(), (byte) '\n');
        int length = end < 0 ? in.readableBytes() : end - start + 1;
        if (spent + length > BUDGET) {
            in.skipBytes(in.readableBytes());
            throw new TooLongFrameException("reply longer than " + BUDGET + " octets");
        }
        searched = end < 0 ? length : 0;
        if (end < 0) {
            return;
        }
        spent += length;
        boolean bare = length < 2 || in.getByte(end - 1) != '\r';
        line(in, start, length - (bare ? 1 : 2), out);
        in.readerIndex(end + 1);
    }

    private void line(ByteBuf in, int start, int length, List<Object> out) {
        int code = length < CODE ? -1 : code(in, start);
        int separator = length <= CODE ? ' ' : in.getByte(start + CODE);
        if (code < 200 || code > 599 || (separator != ' ' && separator != '-')) {
            String text = in.toString(start, Math.min(length, 80), StandardCharsets.UTF_8);
            throw new CorruptedFrameException("not an SMTP reply: " + Reply.clean(text));
        }
        int from = Math.min(length, CODE + 1);
        lines.add(in.toString(start + from, length - from, StandardCharsets.UTF_8));
        if (separator == ' ') {
            out.add(new ServerReply(code, List.copyOf(lines)));
            lines.clear();
            spent = 0;
        }
    }

    private static int code(ByteBuf in, int start) {
        int code = 0;
        for (int i = 0; i < CODE; i++) {
            int digit = in.getByte(start + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            code = code * 10 + digit;
        }
        return code;
    }
}
