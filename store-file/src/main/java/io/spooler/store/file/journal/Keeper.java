package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a start does about damage: reports it, and keeps the octets in {@code quarantine/}. One thread. */
final class Keeper implements Finds {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final int COPY = 64 * 1024;

    private final Disk disk;
    private final Path quarantine;

    Keeper(Disk disk, Path quarantine) {
        this.disk = disk;
        this.quarantine = quarantine;
    }

    @Override
    public void damaged(Segment segment, long from, long to) throws IOException {
        Path copy = quarantine.resolve(String.format("%010d-%d.damaged", segment.number(), from));
        LOG.error(
                "Journal segment {} is damaged from {} to {}: these records are lost, a copy of the octets is {}",
                segment.path(),
                from,
                to,
                copy);
        disk.delete(copy);
        try (Disk.Handle target = disk.create(copy)) {
            ByteBuffer piece = ByteBuffer.allocate(COPY);
            for (long at = from; at < to; at += COPY) {
                piece.clear().limit((int) Math.min(COPY, to - at));
                segment.readFully(piece, at);
                target.writeFully(piece.flip(), at - from);
            }
            target.force(); // Compaction may give the segment back.
        }
        disk.forceDirectory(quarantine);
    }

    @Override
    public void nameless(Path path, boolean empty) throws IOException {
        if (empty) {
            disk.delete(path);
        } else {
            LOG.error("Journal segment {} has no readable header; it is kept in {}", path, quarantine);
            disk.move(path, quarantine.resolve(path.getFileName()));
        }
    }

    @Override
    public void missing(long first, long last) {
        LOG.error("Journal segments {} to {} are missing", first, last);
    }

    @Override
    public void torn(Segment segment, long from) {
        LOG.warn("Journal segment {} ends in the middle of a record at {}: cut off", segment.path(), from);
    }

    @Override
    public long lastNumber() throws IOException {
        long last = 0;
        for (Path path : disk.list(quarantine)) {
            if (Segment.isSegment(path)) {
                last = Math.max(last, Segment.number(path));
            }
        }
        return last;
    }

    /**
     * What a killed process wrote, and did not force, is served from now on as if it had: a client that asks again by its
     * key is told that the message is there. All older segments were forced when the next one was begun. Written again, not
     * only forced: behind a force that failed the file system may hold octets that it takes for written, and are not.
     */
    @Override
    public void last(Segment last, long from) throws IOException {
        try (Disk.Handle file = disk.reopen(last.path())) {
            ByteBuffer piece = ByteBuffer.allocate(COPY);
            for (long at = from; at < last.size(); at += COPY) {
                piece.clear().limit((int) Math.min(COPY, last.size() - at));
                last.readFully(piece, at);
                file.writeFully(piece.flip(), at);
            }
            file.force();
        }
    }
}
