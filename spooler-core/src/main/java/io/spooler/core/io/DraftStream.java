package io.spooler.core.io;

import io.spooler.ContentSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes a stream into a sink, as it comes. */
public final class DraftStream extends OutputStream {

    private final ContentSink sink;

    /**
     * Assigns.
     *
     * @param sink where to
     */
    public DraftStream(ContentSink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int octet) throws IOException {
        sink.write(ByteBuffer.wrap(new byte[] {(byte) octet}));
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        sink.write(ByteBuffer.wrap(source, offset, length));
    }
}
