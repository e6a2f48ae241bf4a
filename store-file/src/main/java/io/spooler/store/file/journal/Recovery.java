package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments in order. At a start it writes nothing but copies of damaged octets in {@code quarantine/}, and
 * removes a segment only if its creation was interrupted before it held anything; for a check it writes nothing at all.
 */
public final class Recovery {

    /** Takes the records; those that a checkpoint knows may come again. */
    public interface Replay {

        /**
         * The records that follow stand in another segment.
         *
         * @param segment can be read
         * @throws IOException ends the reading
         */
        default void segment(Segment segment) throws IOException {}

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
    private final Finds finds;
    private final long limit;
    private List<Segment> segments = List.of();
    private int damages;

    /**
     * Prepares the reading at a start.
     *
     * @param disk where
     * @param journal directory of the segments; exists
     * @param quarantine directory for damaged octets; exists
     */
    public Recovery(Disk disk, Path journal, Path quarantine) {
        this(disk, journal, new Keeper(disk, quarantine), Long.MAX_VALUE);
    }

    /**
     * Prepares a reading that changes nothing, of a journal that is being written perhaps.
     *
     * @param disk where
     * @param journal directory of the segments; exists
     * @param finds told of damage
     * @param limit position behind the last record that is wanted; all in front of it is written
     */
    public Recovery(Disk disk, Path journal, Finds finds, long limit) {
        this.disk = disk;
        this.journal = journal;
        this.finds = finds;
        this.limit = limit;
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
                finds.missing(lastNumber + 1, segment.number() - 1);
            }
            lastRun = segment.header().run();
            lastNumber = segment.number();
            boolean first = segment.number() == Position.segment(known);
            int from = first ? Position.offset(known) : SegmentHeader.SIZE;
            replay.segment(segment);
            end = scan(segment, from, expectedEnd(segments, i), replay);
        }
        if (lastRun != 0) {
            replay.run();
        }
        if (!segments.isEmpty()) {
            Segment last = segments.get(segments.size() - 1);
            // All that a checkpoint speaks of was durable before it counted.
            finds.last(last, last.number() == Position.segment(known) ? Position.offset(known) : 0);
        }
        return new Result(segments, Math.max(lastNumber, finds.lastNumber()), lastRun, end, damages);
    }

    /** Lets go of the segments, if nobody else is to read them. */
    public void close() {
        segments.forEach(Segment::close);
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

    private long expectedEnd(List<Segment> segments, int index) {
        if (index + 1 == segments.size()) {
            boolean last = segments.get(index).number() == Position.segment(limit);
            return last ? Position.offset(limit) : 0;
        }
        Segment next = segments.get(index + 1);
        return next.number() == segments.get(index).number() + 1 ? next.header().previousEnd() : 0;
    }

    private List<Segment> headers() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Path path : disk.list(journal)) {
            if (Segment.isSegment(path) && Position.of(Segment.number(path), 0) < limit) {
                SegmentHeader header = header(path);
                // Under another name it would bring back what was given back.
                if (header == null || header.number() != Segment.number(path)) {
                    nameless(path);
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
    private void nameless(Path path) throws IOException {
        boolean empty;
        try (Disk.Handle file = disk.open(path)) {
            Segment nameless = new Segment(disk, path, new SegmentHeader(0, 0, 0, 0, 0));
            // Cut in its header: the power went while it was made.
            empty = file.size() < SegmentHeader.SIZE
                    || !new SegmentScanner(nameless, file.size(), 0, new Silent()).hasOctetsFrom(0);
            nameless.close();
        }
        damages += empty ? 0 : 1;
        finds.nameless(path, empty);
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
                finds.damaged(where, from, to);
            }
        });
        long end = scanner.scan(from);
        segment.size(end);
        if (scanner.hasOctetsFrom(end)) {
            finds.torn(segment, end);
        }
        return end;
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
