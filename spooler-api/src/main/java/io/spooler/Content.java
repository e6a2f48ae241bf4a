package io.spooler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of a durable message. They never change; reading is positional and without state, so any number of threads
 * may read at once. Readable as long as the claim, folder entry or view it came from is held.
 */
public interface Content {

    /**
     * The length.
     *
     * @return octets, 0 or more
     */
    long size();

    /**
     * Reads from a position into a buffer. May block for the disk.
     *
     * @param position first octet to read, 0 or more
     * @param target receives at least one octet if any remain at the position and the buffer has room
     * @return octets read, or -1 at or behind the end
     * @throws IOException if the bytes cannot be read, or the content is no longer held
     */
    int read(long position, ByteBuffer target) throws IOException;

    /**
     * A stream over the whole content, for convenience.
     *
     * @return a new stream from the first octet; it holds no resource of its own
     */
    default InputStream open() {
        return new ContentStream(this);
    }
}
