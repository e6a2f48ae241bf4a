package io.spooler;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes the content of a message that does not exist yet, piece by piece. One thread at a time. */
@ConsumerType
public interface ContentSink extends AutoCloseable {

    /**
     * Appends. May block for the disk, never for a sync.
     *
     * @param source all remaining octets are taken, and copied before the call returns
     * @throws IOException if they cannot be kept; the message cannot be committed any more
     */
    void write(ByteBuffer source) throws IOException;

    /**
     * What was written so far.
     *
     * @return octets
     */
    long size();

    /** Abandons the message: it never happened. Without effect after a commit or a second time. */
    @Override
    void close();
}
