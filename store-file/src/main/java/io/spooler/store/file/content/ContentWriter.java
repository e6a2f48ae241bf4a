package io.spooler.store.file.content;

import io.spooler.Content;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Takes the octets of a draft: in the heap up to a threshold, then into a file of its own. One thread at a time.
 *
 * <p>Order: the file and its name are forced by {@link #force()} before the record that refers to it is appended.
 */
public final class ContentWriter {

    private static final int FIRST = 2048;
    private static final int PIECE = 64 * 1024;

    private final ContentFiles files;
    private final SpoolId id;
    private final int threshold;
    private final long limit;
    private final CRC32C crc = new CRC32C();
    private byte[] buffer = new byte[FIRST];
    private int used;
    private long size;
    private long written;
    private Disk.@Nullable Handle file;
    private boolean ended;
    private boolean held;
    private @Nullable SpoolException refusal;

    /**
     * Begins.
     *
     * @param files for large contents
     * @param id name of the file, if it comes to that
     * @param threshold largest content that stays in the heap, octets
     * @param limit largest content at all, octets
     */
    public ContentWriter(ContentFiles files, SpoolId id, int threshold, long limit) {
        this.files = files;
        this.id = id;
        this.threshold = threshold;
        this.limit = limit;
    }

    /**
     * Appends.
     *
     * @param source is copied
     * @throws IOException if it cannot be kept; {@link #refusal()} says why
     */
    public void write(ByteBuffer source) throws IOException {
        if (ended) {
            throw new IOException("nothing may be written after the end of the content");
        }
        if (refusal != null) {
            throw new IOException(refusal.getMessage(), refusal);
        }
        if (size + source.remaining() > limit) {
            throw refuse(Reason.TOO_LARGE, "the message is larger than max_message_size=" + limit + " octets", null);
        }
        crc.update(source.duplicate());
        size += source.remaining();
        try {
            while (source.hasRemaining()) {
                take(source);
            }
        } catch (IOException e) {
            throw refuse(Reason.STORE_FULL, "the content cannot be written (" + e + "); make room on the disk", e);
        }
    }

    private IOException refuse(Reason reason, String text, @Nullable IOException cause) {
        SpoolException why = new SpoolException(reason, text, cause);
        refusal = why;
        dropFile();
        return new IOException(text, why);
    }

    private void take(ByteBuffer source) throws IOException {
        if (used == buffer.length) {
            if (used < threshold) {
                int wanted = Math.max(used * 2, (int) Math.min(threshold, used + (long) source.remaining()));
                buffer = Arrays.copyOf(buffer, Math.min(threshold, wanted));
            } else {
                spill();
            }
        }
        int count = Math.min(source.remaining(), buffer.length - used);
        source.get(buffer, used, count);
        used += count;
    }

    private void spill() throws IOException {
        Disk.Handle present = file;
        if (present == null) {
            present = files.create(id);
            file = present;
        }
        present.writeFully(ByteBuffer.wrap(buffer, 0, used), written);
        written += used;
        used = 0;
    }

    /**
     * What was written.
     *
     * @return octets
     */
    public long size() {
        return size;
    }

    /**
     * Why nothing can be committed any more.
     *
     * @return null if all is well
     */
    public @Nullable SpoolException refusal() {
        return refusal;
    }

    /**
     * Ends the writing.
     *
     * @return false if it was ended before
     */
    public boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /**
     * Says whether there is a file to be forced.
     *
     * @return false if all octets are in the heap
     */
    public boolean isInFile() {
        return file != null;
    }

    /**
     * Writes what is left of a content that has a file; not durable yet. Blocks for the disk.
     *
     * @throws SpoolException STORE_FULL: it cannot be written
     */
    public void flush() throws SpoolException {
        try {
            if (file != null && used > 0) {
                spill();
            }
        } catch (IOException e) {
            throw new SpoolException(
                    Reason.STORE_FULL, "the content cannot be written (" + e + "); make room on the disk", e);
        }
    }

    /**
     * Makes the file and its name durable, and closes it. After {@link #flush()}. Blocks for the disk.
     *
     * @throws IOException if it is not durable: the content is lost
     */
    public void force() throws IOException {
        Disk.Handle present = file;
        if (present != null) {
            present.force();
            present.close();
            files.forceDirectory();
            files.hold(size);
            held = true;
        }
    }

    ContentWriter another(SpoolId name) {
        return new ContentWriter(files, name, threshold, limit);
    }

    /** Everything that another one has in its file, and ends. */
    void take(ContentWriter other) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (size < other.size) {
            if (files.read(other.id, piece.clear(), size) < 0) {
                throw new IOException("content file " + other.id + " is cut");
            }
            write(piece.flip());
        }
        ended = true;
        if (crc.getValue() != other.crc.getValue()) {
            throw new IOException("content file " + other.id + " is not what was written");
        }
    }

    /**
     * The octets for the body of a record.
     *
     * @return the array itself; only {@link #bodySize()} octets of it count
     */
    public byte[] body() {
        return buffer;
    }

    /**
     * Octets for the body.
     *
     * @return 0 if the content is in a file
     */
    public int bodySize() {
        return file == null ? used : 0;
    }

    /**
     * CRC32C of the body.
     *
     * @return of {@link #bodySize()} octets
     */
    public int bodyCrc() {
        return file == null ? (int) crc.getValue() : 0;
    }

    /**
     * Where the content will be.
     *
     * @return at the beginning of the body, or in a file
     */
    public ContentRef ref() {
        int sum = (int) crc.getValue();
        return file == null ? ContentRef.here(0, size, sum) : ContentRef.file(id, size, sum);
    }

    /** Removes the file, if there is one. */
    public void discard() {
        ended = true;
        dropFile();
    }

    private void dropFile() {
        Disk.Handle present = file;
        if (present != null) {
            try {
                present.close();
            } catch (IOException e) {
                // It goes away in any case.
            }
            files.delete(id);
            files.hold(held ? -size : 0);
            held = false;
        }
    }

    /**
     * Reads back what was written; nothing may be written afterwards.
     *
     * @return readable until the writer is discarded or its file was removed
     * @throws IOException if the rest cannot be written to the file
     */
    public Content readBack() throws IOException {
        ended = true;
        if (file != null && used > 0) {
            spill();
        }
        return new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                if (position >= size) {
                    return -1;
                }
                if (file != null) {
                    return files.read(id, target, position);
                }
                int count = (int) Math.min(target.remaining(), used - position);
                target.put(buffer, (int) position, count);
                return count;
            }
        };
    }
}
