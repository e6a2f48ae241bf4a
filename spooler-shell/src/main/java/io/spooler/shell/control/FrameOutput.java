package io.spooler.shell.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes what it gets as frames of one kind. Any thread. */
final class FrameOutput extends OutputStream {

    private static final int BUFFER = 8192;

    private final TimedChannel channel;
    private final byte kind;
    private boolean written;

    private FrameOutput(TimedChannel channel, byte kind) {
        this.channel = channel;
        this.kind = kind;
    }

    /**
     * A stream for commands; sends at each line break, and when its buffer is full.
     *
     * @param channel where to
     * @param kind of its frames
     * @return the stream
     */
    static PrintStream stream(TimedChannel channel, byte kind) {
        OutputStream frames = new BufferedOutputStream(new FrameOutput(channel, kind), BUFFER);
        return new PrintStream(frames, true, StandardCharsets.UTF_8);
    }

    /**
     * Sends the last frame.
     *
     * @param channel where to
     * @param status exit status
     * @throws IOException if the other side is gone
     */
    static void exit(TimedChannel channel, int status) throws IOException {
        channel.write(frame(Frames.EXIT, Integer.BYTES).putInt(status).flip());
    }

    private static ByteBuffer frame(byte kind, int length) {
        return ByteBuffer.allocate(Frames.HEAD + length).put(kind).putInt(length);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (length > 0) {
            channel.write(frame(kind, length).put(octets, offset, length).flip());
            written = true;
        }
    }

    /** With nothing to send, an empty frame finds out whether somebody still listens. */
    @Override
    public void flush() throws IOException {
        if (!written) {
            channel.write(frame(kind, 0).flip());
        }
        written = false;
    }
}
