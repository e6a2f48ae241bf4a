package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment that has its place on the disk already, all zeros: {@code spare}. When the disk is full the journal goes
 * on in it, so that messages get out and their outcomes are kept; a segment that is given back takes its place again.
 *
 * <p>Any thread. Locks: {@code making}, held while one is made or zeroed, so that nobody else does; then this object, for a
 * moment.
 */
final class Spare {

    private static final Logger LOG = LoggerFactory.getLogger(Spare.class);
    private static final int PIECE = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Path ready;
    private final Path unfinished;
    private final long size;
    private final Object making = new Object();
    private boolean there;

    Spare(Disk disk, Path directory, long size) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.ready = directory.resolve("spare");
        this.unfinished = directory.resolve("spare.new");
        this.size = size;
        disk.delete(unfinished);
        this.there = disk.list(directory).contains(ready) && isRight();
    }

    /** Another segment size was set, perhaps. */
    private boolean isRight() throws IOException {
        boolean right;
        try (Disk.Handle file = disk.open(ready)) {
            right = file.size() == size;
        }
        if (!right) {
            disk.delete(ready);
        }
        return right;
    }

    synchronized boolean isThere() {
        return there;
    }

    /** Makes it, if it is missing; writes and forces it piece by piece, so that commits get their turn in between. */
    void prepare() throws IOException {
        synchronized (making) {
            if (!isThere()) {
                make();
            }
        }
    }

    private void make() throws IOException {
        disk.delete(unfinished);
        try (Disk.Handle file = disk.create(unfinished)) {
            zero(file);
        } catch (IOException e) {
            disk.delete(unfinished);
            throw e;
        }
        finish();
    }

    private void zero(Disk.Handle file) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(PIECE, size));
        for (long at = 0; at < size; at += zeros.limit()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            file.writeFully(zeros, at);
            file.force();
        }
    }

    private synchronized void finish() throws IOException {
        disk.move(unfinished, ready);
        there = true;
    }

    /** Makes a change of names durable. */
    @FunctionalInterface
    interface Names {
        void force() throws IOException;
    }

    /**
     * Removes a segment that is given back, or makes the spare of it, if one is missing: the only way to get one on a full
     * disk.
     *
     * @param dropped closed by all readers
     * @param names called when it has lost its name
     */
    void replace(Path dropped, Names names) throws IOException {
        synchronized (making) {
            boolean kept = keep(dropped);
            if (!kept) {
                disk.delete(dropped);
            }
            names.force();
            if (kept) {
                clean(dropped);
            }
        }
    }

    private boolean keep(Path dropped) {
        if (isThere()) {
            return false;
        }
        try (Disk.Handle file = disk.open(dropped)) {
            if (file.size() != size) {
                return false;
            }
            disk.move(dropped, unfinished);
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot become the reserve, and is removed", dropped, e);
            return false;
        }
    }

    private void clean(Path former) {
        try (Disk.Handle file = disk.reopen(unfinished)) {
            zero(file);
            finish();
        } catch (IOException e) {
            LOG.warn("{} cannot become the reserve; one is made anew later", former, e);
        }
    }

    /** Turns it into a segment; the caller forces the directory. Null if there is none. */
    synchronized Disk.@Nullable Handle take(Path target) throws IOException {
        if (!there) {
            return null;
        }
        there = false;
        disk.move(ready, target);
        LOG.warn("The journal in {} goes on in its reserve {}", directory, target.getFileName());
        return disk.reopen(target);
    }

    long size() {
        return size;
    }
}
