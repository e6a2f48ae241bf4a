package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts command lines out of what arrives. Keeps nothing of a line that is too long. One thread.
 */
final class CommandFramer {

    /** How a line ended. */
    enum Kind {
        LINE,
        TOO_LONG,
        BARE_LF
    }

    /**
     * A line.
     *
     * @param kind whether it may be obeyed
     * @param text without line end; empty unless it may be obeyed
     */
    record Frame(Kind kind, String text) {}

    private static final Frame TOO_LONG = new Frame(Kind.TOO_LONG, "");
    private static final Frame BARE_LF = new Frame(Kind.BARE_LF, "");

    private final int maxLine;
    private int searched;
    private boolean overlong;
    private boolean droppedCr;

    /** At most so many octets a line, with line end. */
    CommandFramer(int maxLine) {
        this.maxLine = maxLine;
    }

    /**
     * Takes the next line out of the buffer.
     *
     * @return the line, or null if its end has not come
     */
    @Nullable
    Frame next(ByteBuf in) {
        int start = in.readerIndex();
        int lf = in.indexOf(start + searched, in.writerIndex(), (byte) '\n');
        if (lf < 0) {
            keepOrDrop(in);
            return null;
        }
        boolean crlf = lf > start ? in.getByte(lf - 1) == '\r' : droppedCr;
        boolean tooLong = overlong || lf + 1 - start > maxLine;
        Frame frame = !crlf ? BARE_LF : tooLong ? TOO_LONG : line(in, start, lf);
        in.readerIndex(lf + 1);
        searched = 0;
        overlong = false;
        droppedCr = false;
        return frame;
    }

    private static Frame line(ByteBuf in, int start, int lf) {
        return new Frame(Kind.LINE, in.toString(start, lf - 1 - start, StandardCharsets.UTF_8));
    }

    private void keepOrDrop(ByteBuf in) {
        searched = in.readableBytes();
        if (searched > maxLine || overlong) {
            overlong = true;
            droppedCr = searched > 0 ? in.getByte(in.writerIndex() - 1) == '\r' : droppedCr;
            in.skipBytes(searched);
            searched = 0;
        }
    }
}
