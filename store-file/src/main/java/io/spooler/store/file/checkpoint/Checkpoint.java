package io.spooler.store.file.checkpoint;

import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Resume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code checkpoint}. It is written beside the former one, which it replaces when it is durable, so there is
 * always a whole one or none. One thread at a time.
 */
public final class Checkpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final int VERSION = 1;

    /** Writes what belongs into a checkpoint. */
    @FunctionalInterface
    public interface Source {

        /**
         * Writes blocks.
         *
         * @param out takes them
         * @throws IOException if they cannot be written
         */
        void write(CheckpointWriter out) throws IOException;
    }

    /** Takes what is in a checkpoint. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * One block.
         *
         * @param kind one of {@link Block}
         * @param payload its values; there are more as long as {@link Decoder#hasMore()}
         */
        void block(int kind, Decoder payload);
    }

    private final Disk disk;
    private final Path directory;
    private final Path path;
    private final Path fresh;

    /**
     * The checkpoint of a store.
     *
     * @param disk where
     * @param directory of the store
     */
    public Checkpoint(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
        this.path = directory.resolve("checkpoint");
        this.fresh = directory.resolve("checkpoint.new");
    }

    /**
     * Writes another one, durable but not in its place yet.
     *
     * @param head what it speaks of
     * @param source what is in it
     * @throws IOException if it cannot be written; the former one stays
     */
    public void write(Resume head, Source source) throws IOException {
        disk.delete(fresh);
        try (Disk.Handle file = disk.create(fresh)) {
            CheckpointWriter out = new CheckpointWriter(file);
            out.write(
                    Block.HEAD,
                    new Encoder()
                            .number(VERSION)
                            .fixed(head.position())
                            .fixed(head.run())
                            .fixed(head.salt()));
            source.write(out);
            out.write(Block.END, new Encoder().octet(0));
            file.force();
        }
    }

    /**
     * Puts what was written into its place. All records that it speaks of must be durable.
     *
     * @throws IOException if that fails; the former one may be in place still
     */
    public void publish() throws IOException {
        disk.move(fresh, path);
        disk.forceDirectory(directory);
    }

    /**
     * Reads what it speaks of, and makes sure that all of it is whole.
     *
     * @return null if there is none, or not a whole one of this release: then the journal is to be read
     * @throws IOException if the disk fails
     */
    public @Nullable Resume head() throws IOException {
        disk.delete(fresh);
        if (!disk.list(directory).contains(path)) {
            return null;
        }
        Resume[] head = {null};
        boolean whole = read((kind, payload) -> {
            if (kind == Block.HEAD) {
                boolean ours = payload.number() == VERSION;
                head[0] = ours ? new Resume(payload.fixed(), payload.fixed(), payload.fixed()) : null;
            }
        });
        if (!whole || head[0] == null) {
            LOG.warn("{} is not whole, or of another release; the whole journal is read instead", path);
            return null;
        }
        return head[0];
    }

    /**
     * Reads all of it, block by block.
     *
     * @param visitor takes each
     * @return false if it is not whole; some blocks were taken then
     * @throws IOException if the disk fails
     */
    public boolean read(Visitor visitor) throws IOException {
        try (Disk.Handle file = disk.open(path)) {
            long end = file.size();
            long at = 0;
            ByteBuffer header = ByteBuffer.allocate(Block.HEADER);
            while (at + Block.HEADER <= end) {
                file.readFully(header.clear(), at);
                int size = header.getInt(0);
                int kind = header.getInt(4);
                if (size < 0 || size > Block.MAX_SIZE || at + Block.HEADER + size > end) {
                    return false;
                }
                ByteBuffer payload = ByteBuffer.allocate(size);
                file.readFully(payload, at + Block.HEADER);
                payload.flip();
                if (Block.sum(size, kind, payload.duplicate()) != header.getInt(8)) {
                    return false;
                }
                if (kind == Block.END) {
                    return true;
                }
                visitor.block(kind, new Decoder(payload));
                at += Block.HEADER + (long) size;
            }
            return false;
        }
    }
}
