package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all segments in order. Writes nothing but copies of damaged octets in {@code quarantine/}, and removes a
 * segment only if its creation was interrupted before it held anything.
 */
public final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int COPY = 64 * 1024;

    /** Takes the records; those that a checkpoint knows may come again. */
    public interface Replay {

        /** The process ended here; what follows is from the next one. */
        void run();

        /**
         * One record.
         *
         * @param found valid during the call
         * @param position where it stands
         * @return false if its content makes no sense: it is then treated as damaged
         */
        boolean record(Journal.Found found, long position);
    }

    /**
     * What is there.
     *
     * @param segments oldest first
     * @param lastNumber the largest number seen, 0 if none
     * @param lastRun the largest run seen, 0 if none
     * @param lastEnd where the last segment ends, 0 if there is none
     * @param damages how many places are damaged
     */
    public record Result(List<Segment> segments, long lastNumber, long lastRun, long lastEnd, int damages) {}

    private final Disk disk;
    private final Path journal;
    private final Path quarantine;
    private List<Segment> segments = List.of();
    private int damages;

    /**
     * Prepares.
     *
     * @param disk where
     * @param journal directory of the segments; exists
     * @param quarantine directory for damaged octets; exists
     */
    public Recovery(Disk disk, Path journal, Path quarantine) {
        this.disk = disk;
        this.journal = journal;
        this.quarantine = quarantine;
    }

    /**
     * Looks which segments there are.
     *
     * @throws IOException if the disk fails, or the journal is from a newer release
     */
    public void open() throws IOException {
        segments = headers();
    }

    /**
     * Says whether the journal goes on where a checkpoint ends, so that only what follows needs to be read.
     *
     * @param head of the checkpoint
     * @return false if it is another journal's, or the record at that place is not whole
     * @throws IOException if the disk fails
     */
    public boolean continues(Resume head) throws IOException {
        long number = Position.segment(head.position());
        Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last == null || last.number() < number || last.header().run() < head.run()) {
            return false;
        }
        for (Segment segment : segments) {
            if (segment.number() == number) {
                return segment.salt() == head.salt() && isWhole(segment, Position.offset(head.position()));
            }
        }
        return true; // Given back since.
    }

    /**
     * Reads the journal, after {@link #open}.
     *
     * @param replay takes the records in order
     * @param head of the checkpoint that the replay knows already, or null to read everything
     * @return what is there
     * @throws IOException if the disk fails
     */
    public Result run(Replay replay, @Nullable Resume head) throws IOException {
        long known = head == null ? 0 : head.position();
        long lastNumber = 0;
        long lastRun = head == null ? 0 : head.run();
        long end = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.number() < Position.segment(known)) {
                end = skip(segment, expectedEnd(segments, i));
                lastNumber = segment.number();
                continue;
            }
            if (lastRun != 0 && segment.header().run() != lastRun) {
                replay.run();
            }
            if (lastNumber != 0 && segment.number() != lastNumber + 1) {
                LOG.error("Journal segments {} to {} are missing in {}", lastNumber + 1, segment.number() - 1, journal);
            }
            lastRun = segment.header().run();
            lastNumber = segment.number();
            boolean first = segment.number() == Position.segment(known);
            int from = first ? Position.offset(known) : SegmentHeader.SIZE;
            end = scan(segment, from, expectedEnd(segments, i), replay);
        }
        if (lastRun != 0) {
            replay.run();
        }
        forceLast();
        return new Result(segments, lastNumber(lastNumber), lastRun, end, damages);
    }

    /**
     * What a killed process wrote, and did not force, is served from now on as if it had: a client that asks again by its
     * key is told that the message is there. All older segments were forced when the next one was begun.
     */
    private void forceLast() throws IOException {
        if (!segments.isEmpty()) {
            try (Disk.Handle file =
                    disk.reopen(segments.get(segments.size() - 1).path())) {
                file.force();
            }
        }
    }

    private boolean isWhole(Segment segment, int offset) throws IOException {
        try (Disk.Handle file = disk.open(segment.path())) {
            return new SegmentScanner(segment, file.size(), 0, new Silent()).isWhole(offset);
        }
    }

    private long skip(Segment segment, long expected) throws IOException {
        try (Disk.Handle file = disk.open(segment.path())) {
            segment.size(expected > 0 ? expected : file.size());
        }
        return segment.size();
    }

    /** Numbers are not used twice, even if a file of that name had to be moved away. */
    private long lastNumber(long seen) throws IOException {
        long last = seen;
        for (Path path : disk.list(quarantine)) {
            String name = path.getFileName().toString();
            if (name.matches("\\d{10}\\.log")) {
                last = Math.max(last, Long.parseLong(name.substring(0, 10)));
            }
        }
        return last;
    }

    private static long expectedEnd(List<Segment> segments, int index) {
        if (index + 1 == segments.size()) {
            return 0;
        }
        Segment next = segments.get(index + 1);
        return next.number() == segments.get(index).number() + 1 ? next.header().previousEnd() : 0;
    }

    private List<Segment> headers() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Path path : disk.list(journal)) {
            if (Segment.isSegment(path)) {
                SegmentHeader header = header(path);
                if (header == null) {
                    setAside(path);
                } else {
                    segments.add(new Segment(disk, path, header));
                }
            }
        }
        return segments;
    }

    private @Nullable SegmentHeader header(Path path) throws IOException {
        try (Disk.Handle file = disk.open(path)) {
            ByteBuffer octets = ByteBuffer.allocate(SegmentHeader.SIZE);
            file.readFully(octets, 0);
            return SegmentHeader.decode(octets.flip(), path.getFileName().toString());
        }
    }

    /** The header is written with the first record: without it nothing in the file was ever promised. */
    private void setAside(Path path) throws IOException {
        boolean empty;
        try (Disk.Handle file = disk.open(path)) {
            Segment nameless = new Segment(disk, path, new SegmentHeader(0, 0, 0, 0, 0));
            // Cut in its header: the power went while it was made.
            empty = file.size() < SegmentHeader.SIZE
                    || !new SegmentScanner(nameless, file.size(), 0, new Silent()).hasOctetsFrom(0);
            nameless.close();
        }
        if (empty) {
            disk.delete(path);
        } else {
            damages++;
            LOG.error("Journal segment {} has no readable header; it is kept in {}", path, quarantine);
            disk.move(path, quarantine.resolve(path.getFileName()));
        }
    }

    private long scan(Segment segment, int from, long expected, Replay replay) throws IOException {
        long length;
        try (Disk.Handle file = disk.open(segment.path())) {
            length = file.size();
        }
        SegmentScanner scanner = new SegmentScanner(segment, length, expected, new SegmentScanner.Visitor() {
            @Override
            public boolean record(Journal.Found found, long position) {
                return replay.record(found, position);
            }

            @Override
            public void damaged(Segment where, long from, long to) throws IOException {
                damages++;
                keep(where, from, to);
            }
        });
        long end = scanner.scan(from);
        segment.size(end);
        if (scanner.hasOctetsFrom(end)) {
            LOG.warn("Journal segment {} ends in the middle of a record at {}: cut off", segment.path(), end);
        }
        return end;
    }

    private void keep(Segment segment, long from, long to) throws IOException {
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
        }
    }

    /** Wants to know nothing. */
    private static final class Silent implements SegmentScanner.Visitor {

        @Override
        public boolean record(Journal.Found found, long position) {
            return true;
        }

        @Override
        public void damaged(Segment segment, long from, long to) {}
    }
}
