package io.spooler.store.file.content;

import io.spooler.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A content as its readers see it: a prefix, then octets that may be copied elsewhere meanwhile. Any thread. */
public final class StoredContent implements Content {

    /** Finds a content again. */
    public interface Whereabouts {

        /**
         * Looks it up.
         *
         * @return where it is now, or null if it is no longer held
         * @throws IOException if that cannot be found out
         */
        @Nullable
        ContentRef now() throws IOException;

        /**
         * It is not what was accepted, or not there.
         *
         * @param cause what was found
         */
        void damaged(IOException cause);
    }

    private final ContentReader reader;
    private final byte[] prefix;
    private final Whereabouts whereabouts;
    private volatile ContentRef ref;
    private volatile boolean verified;

    /**
     * A content.
     *
     * @param reader reads octets
     * @param prefix in front of them; not changed any more
     * @param ref where they are at present
     * @param whereabouts where they are later
     * @param verified false if their sum is to be checked before the first of them is given away
     */
    public StoredContent(
            ContentReader reader, byte[] prefix, ContentRef ref, Whereabouts whereabouts, boolean verified) {
        this.reader = reader;
        this.prefix = prefix;
        this.ref = ref;
        this.whereabouts = whereabouts;
        this.verified = verified;
    }

    @Override
    public long size() {
        return prefix.length + ref.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        if (position >= size()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (position < prefix.length) {
            int count = (int) Math.min(target.remaining(), prefix.length - position);
            target.put(prefix, (int) position, count);
            return count;
        }
        return readStored(position - prefix.length, target);
    }

    private int readStored(long position, ByteBuffer target) throws IOException {
        ContentRef first = ref;
        try {
            return readAt(first, position, target);
        } catch (IOException e) {
            ContentRef second = whereabouts.now();
            if (second == null) {
                throw new IOException("the content is no longer held", e);
            }
            if (second.equals(first)) {
                if (e instanceof DamagedContentException || e instanceof NoSuchFileException) {
                    whereabouts.damaged(e);
                }
                throw e;
            }
            ref = second;
            return readAt(second, position, target);
        }
    }

    private int readAt(ContentRef from, long position, ByteBuffer target) throws IOException {
        if (!verified) {
            reader.verify(from);
            verified = true;
        }
        int count = reader.read(from, position, target);
        if (count <= 0) {
            throw new IOException("the content is cut");
        }
        return count;
    }
}
