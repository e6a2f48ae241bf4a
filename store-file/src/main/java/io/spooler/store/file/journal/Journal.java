package io.spooler.store.file.journal;

import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records in order; {@link Committer} makes them durable in groups.
 *
 * <p>A record has its place as soon as it is appended, so that later records can refer to it. {@link #append} may be
 * called from any thread and does not block; {@link #awaitRoom} is where writers wait while too much is pending.
 *
 * <p>A failed write or force is final (reliability 1.4): the rest of the pending records and every later one fail, and
 * nothing is forced again. The committer's lock guards the places.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** Applies a batch to memory. */
    public interface Listener {

        /**
         * All of these are written, and forced where they are durable; calls {@link Append#recorded()} of each.
         *
         * @param batch in order
         */
        void recorded(List<Append> batch);

        /**
         * The journal has stopped for good.
         *
         * @param reason why
         */
        void stopped(SpoolException reason);
    }

    /**
     * A record that was read.
     *
     * @param type of the record
     * @param head the whole head
     * @param bodyPosition where its body stands
     * @param bodySize octets of the body
     */
    public record Found(int type, ByteBuffer head, long bodyPosition, int bodySize) {

        /**
         * Octets in the journal.
         *
         * @return with header and padding
         */
        public int size() {
            return Append.padded(Append.HEADER + head.capacity() + bodySize);
        }
    }

    private final Disk disk;
    private final Path directory;
    private final long segmentSize;
    private final long run;
    private final long first;
    private final long salt;
    private final Clock clock;
    private final Segments segments = new Segments();
    private final Spare spare;
    private final SegmentWriter writer;
    private final Committer committer;
    private volatile boolean outOfRoom;

    // Guarded by the committer's lock.
    private Segment current;
    private int end;
    private boolean tight;
    private boolean tightened;

    /**
     * A journal behind what was recovered; nothing is written before the first record comes.
     *
     * @param disk where
     * @param directory of the segments
     * @param segmentSize when to begin another segment, octets
     * @param recovered what is there already
     * @param salt random
     * @param clock for the headers
     * @param listener applies batches
     * @throws IOException if the directory cannot be read
     */
    public Journal(
            Disk disk,
            Path directory,
            long segmentSize,
            Recovery.Result recovered,
            long salt,
            Clock clock,
            Listener listener)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.segmentSize = segmentSize;
        this.run = recovered.lastRun() + 1;
        this.salt = salt;
        this.clock = clock;
        this.spare = new Spare(disk, directory, segmentSize);
        this.writer = new SegmentWriter(disk, directory, segmentSize, spare, this::outOfRoom);
        recovered.segments().forEach(segments::add);
        this.current = segment(recovered.lastNumber() + 1, recovered.lastEnd());
        this.end = SegmentHeader.SIZE;
        this.first = current.number();
        this.committer = new Committer(writer, directory, listener, first);
    }

    /** Starts the committer. */
    public void start() {
        committer.start();
    }

    private Segment segment(long number, long previousEnd) {
        SegmentHeader header = new SegmentHeader(number, run, salt, previousEnd, clock.millis());
        Segment segment = new Segment(disk, Segment.path(directory, number), header);
        segments.add(segment);
        return segment;
    }

    /**
     * Counts the openings of this journal.
     *
     * @return 1 the first time
     */
    public long runs() {
        return run;
    }

    /**
     * Everything before this place was there when the journal was opened.
     *
     * @return a position
     */
    public long firstPosition() {
        return Position.of(first, 0);
    }

    /**
     * Waits while too much is pending; the committer itself never waits.
     *
     * @throws SpoolException STORE_STOPPED
     */
    public void awaitRoom() throws SpoolException {
        committer.awaitRoom();
    }

    /**
     * Refuses a call that is going to wait for the disk, where nobody would write what it waits for.
     *
     * @throws SpoolException STORE_STOPPED
     * @throws IllegalStateException on a thread that completes stages
     */
    public void mayWait() throws SpoolException {
        committer.checkOpen();
        if (Committer.isCommitter()) {
            throw new IllegalStateException(
                    "this call waits for the disk; a stage of the store is completed on the thread"
                            + " that would have to write, so go on with it on another one");
        }
    }

    /**
     * Puts a record at the end of the journal.
     *
     * @param append has its place afterwards
     * @throws SpoolException STORE_STOPPED, or TOO_LARGE if it could not be read back: then none of its methods is called
     */
    public void append(Append append) throws SpoolException {
        append(List.of(append));
    }

    /**
     * Puts records at the end of the journal, one behind the other in one segment, to be made durable by one force.
     *
     * @param group have their places afterwards; less than 1 GiB
     * @throws SpoolException STORE_STOPPED, or TOO_LARGE if one could not be read back: then none of their methods is called
     */
    public void append(List<Append> group) throws SpoolException {
        for (Append append : group) {
            if (append.isTooLarge()) {
                throw new SpoolException(
                        Reason.TOO_LARGE,
                        "what the journal has to keep of a message is over " + (Append.MAX_PART >> 20)
                                + " MiB; give it fewer or shorter recipients");
            }
        }
        committer.append(group, this::place);
    }

    private static int size(List<Append> group) {
        int size = 0;
        for (Append append : group) {
            size = Math.addExact(size, append.size());
        }
        return size;
    }

    private void place(List<Append> group) {
        int size = size(group);
        if (end > SegmentHeader.SIZE && ((long) end + size > segmentSize || goesToReserve())) {
            current = segment(current.number() + 1, end);
            end = SegmentHeader.SIZE;
        }
        for (Append append : group) {
            append.place(current, end);
            end += append.size();
        }
        current.size(end);
    }

    /**
     * Waits until all that was appended before is durable: a force, shared with whoever else waits for one.
     *
     * @throws SpoolException STORE_STOPPED
     */
    public void awaitDurable() throws SpoolException {
        Barrier barrier = new Barrier();
        append(barrier);
        barrier.await();
    }

    /**
     * Gives back the zeros behind the records of older segments: on a full disk without a reserve that is the room in
     * which the store goes on. Before the first record.
     *
     * @throws IOException if that fails
     */
    public void giveBackTails() throws IOException {
        for (Segment segment : segments.before(first)) {
            try (Disk.Handle file = disk.reopen(segment.path())) {
                if (file.size() > segment.size()) {
                    file.truncate(segment.size());
                    file.force();
                }
            }
        }
    }

    /** Once for each time that the disk gets full: what is written from now on has its place already. */
    private boolean goesToReserve() {
        boolean goes = tightened && spare.isThere();
        tightened = false;
        return goes;
    }

    /**
     * The disk is nearly full, or no longer so: then the next record begins a segment in the reserve.
     *
     * @param now true if there is no room for more than the reserve
     */
    public void tight(boolean now) {
        committer.exclusively(() -> {
            tightened |= now && !tight;
            tight = now;
        });
        writer.tight(now);
    }

    /**
     * Makes the reserve if it is missing. Blocks for the disk; one thread at a time.
     *
     * @throws IOException if it cannot be made
     */
    public void prepareReserve() throws IOException {
        spare.prepare();
        outOfRoom = false;
    }

    private void outOfRoom() {
        outOfRoom = true;
        tight(true);
    }

    /**
     * Says whether the disk was found full, and the reserve is in use.
     *
     * @return true until there is a reserve again: only outcomes should be written
     */
    public boolean isOutOfRoom() {
        return outOfRoom && !spare.isThere();
    }

    /**
     * Says whether there is a reserve.
     *
     * @return false while it is missing or used
     */
    public boolean hasReserve() {
        return spare.isThere();
    }

    /**
     * Stops the journal because of what happened to another file of the store: a force that failed is final wherever it
     * was, as the next one of the same file or directory would succeed and prove nothing.
     *
     * @param cause why
     */
    public void halt(IOException cause) {
        committer.halt(cause);
    }

    /**
     * Calls {@link Append#recorded()} of each; for listeners, who hold their lock.
     *
     * @param batch in order
     */
    public static void apply(List<Append> batch) {
        for (Append append : batch) {
            try {
                append.recorded();
            } catch (RuntimeException e) {
                LOG.error("A record is safe, but could not be applied to memory; restart the store", e);
            }
        }
    }

    /**
     * Reads the head of a record.
     *
     * @param position of a record that was recorded
     * @return checked; the body is not read
     * @throws IOException if it cannot be read, or is damaged
     */
    public Found read(long position) throws IOException {
        return segments.read(position);
    }

    /**
     * Reads the heads of many records.
     *
     * @return for one thread at a time
     */
    public ReadAhead readAhead() {
        return new ReadAhead(segments);
    }

    /**
     * Reads a record as it stands, for the quarantine.
     *
     * @param position where it should stand
     * @param size octets of it
     * @return the octets, fewer if the file ends
     * @throws IOException if they cannot be read
     */
    public ByteBuffer raw(long position, int size) throws IOException {
        return segments.raw(position, size);
    }

    /**
     * Reads octets of a body. Waits for its record to be written, if it is on its way: never under the lock of the store,
     * unless {@link #isWritten} says that there is nothing to wait for.
     *
     * @param position of the first octet
     * @param target receives some
     * @return how many, at least one
     * @throws IOException if they cannot be read, or their segment is gone
     */
    public int read(long position, ByteBuffer target) throws IOException {
        committer.awaitWritten(position);
        return segments.at(position).read(target, Position.offset(position));
    }

    /**
     * Says whether the segment of a record is there.
     *
     * @param position of a record
     * @return false if it was given back, or is missing
     */
    public boolean holds(long position) {
        return segments.holds(position);
    }

    /**
     * Says whether the segment of a record should be there and is not.
     *
     * @param position of a record
     * @return false if it is there, or is older than the oldest, which means that it was given back
     */
    public boolean misses(long position) {
        return !segments.holds(position) && segments.isBehindTheOldest(position);
    }

    /**
     * What keys the marks of the records of this run.
     *
     * @return random
     */
    public long salt() {
        return salt;
    }

    /**
     * Says whether a record can be read.
     *
     * @param position in the record
     * @return false while it is on its way
     */
    public boolean isWritten(long position) {
        return position < committer.written();
    }

    /**
     * How far the journal is written: a record in front of this place is with the file system.
     *
     * @return a position behind the last record
     */
    public long writtenUpTo() {
        return committer.written();
    }

    /**
     * The segments that are complete, on disk and in memory.
     *
     * @return oldest first; never the one that is written at present
     */
    public Collection<Segment> sealed() {
        return segments.before(committer.appliedSegment());
    }

    /**
     * The segment that was written last.
     *
     * @return its number
     */
    public long appliedSegment() {
        return committer.appliedSegment();
    }

    /**
     * Removes the oldest segment; nothing in it is needed any more. Returns once that is durable: if a later segment
     * went and this one came back after a power loss, it would bring back messages that were finished in the later one.
     *
     * @param segment the first of {@link #sealed()}
     * @throws IOException if it cannot be removed
     */
    public void drop(Segment segment) throws IOException {
        segment.close();
        spare.replace(segment.path(), () -> {
            try {
                disk.forceDirectory(directory);
            } catch (IOException e) {
                halt(e);
                throw e;
            }
        });
        segments.remove(segment); // Only now: one that could not be removed must go before the next.
    }

    /**
     * Writes what is pending, forces it and ends the committer; returns after at most ten seconds.
     *
     * @return true if all that was appended is durable
     */
    public boolean close() {
        boolean clean = committer.close();
        segments.close();
        return clean;
    }
}
