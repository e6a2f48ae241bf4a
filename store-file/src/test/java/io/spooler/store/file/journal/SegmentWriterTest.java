package io.spooler.store.file.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thread writes while another one forces: a write that a force may have missed is forced by the next. */
class SegmentWriterTest {

    private static final int LIMIT = 64 * 1024;
    private static final int SIZE = 100;
    private static final int SECONDS = 20;

    @TempDir
    private Path directory;

    private final AtomicInteger forces = new AtomicInteger();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean slow;

    /** Stops in front of a write, if it is to be slow. */
    private final class Gate extends ForwardingDisk {

        Gate() {
            super(new LocalDisk());
        }

        @Override
        public Handle create(Path path) throws IOException {
            return new ForwardingHandle(super.create(path)) {
                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    if (slow) {
                        writing.countDown();
                        await(goOn);
                    }
                    return super.write(source, position);
                }

                @Override
                public void force() throws IOException {
                    forces.incrementAndGet();
                    super.force();
                }

                /** As a channel does: whoever writes must come back first. */
                @Override
                public void close() throws IOException {
                    if (slow) {
                        SegmentWriterTest.await(goOn);
                    }
                    super.close();
                }
            };
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the other thread has not come within " + SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static List<Append> record(Segment segment, int number) {
        Append record = new Append(1, true, new byte[SIZE], SIZE) {};
        record.place(segment, SegmentHeader.SIZE + number * record.size());
        return List.of(record);
    }

    @Test
    void aBatchThatIsLargerThanTheBufferEndsWhenTheFileWasGivenUp() throws Exception {
        Disk disk = new LocalDisk();
        Segment segment = new Segment(disk, Segment.path(directory, 1), new SegmentHeader(1, 1, 1, 0, 0));
        SegmentWriter writer = new SegmentWriter(disk, directory, LIMIT, new Spare(disk, directory, LIMIT), () -> {});
        writer.write(record(segment, 0));
        writer.abandon();
        Append large = new Append(1, true, new byte[3 * LIMIT], 3 * LIMIT) {};
        large.place(segment, SegmentHeader.SIZE + SIZE * 2);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> write = thread.submit(() -> {
                writer.write(List.of(large));
                return null;
            });
            assertThatThrownBy(() -> write.get(SECONDS, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void lettingGoDoesNotWaitForAWriteThatDoesNotEnd() throws Exception {
        Disk disk = new Gate();
        Segment segment = new Segment(disk, Segment.path(directory, 1), new SegmentHeader(1, 1, 1, 0, 0));
        SegmentWriter writer = new SegmentWriter(disk, directory, LIMIT, new Spare(disk, directory, LIMIT), () -> {});
        writer.write(record(segment, 0));
        slow = true;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> write = threads.submit(() -> {
                writer.write(record(segment, 1));
                return null;
            });
            await(writing);
            threads.submit(writer::abandon).get(SECONDS, TimeUnit.SECONDS);
            assertThat(write.isDone()).isFalse();
        } finally {
            goOn.countDown();
            threads.shutdown();
            assertThat(threads.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void forcesAgainWhatWasStillBeingWrittenDuringAForce() throws Exception {
        Disk disk = new Gate();
        Segment segment = new Segment(disk, Segment.path(directory, 1), new SegmentHeader(1, 1, 1, 0, 0));
        SegmentWriter writer = new SegmentWriter(disk, directory, LIMIT, new Spare(disk, directory, LIMIT), () -> {});
        writer.write(record(segment, 0));
        writer.force();
        slow = true;
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> write = other.submit(() -> {
                writer.write(record(segment, 1));
                return null;
            });
            await(writing);
            writer.force();
            goOn.countDown();
            write.get(SECONDS, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
        int before = forces.get();
        writer.force();
        assertThat(forces.get()).as("the last force reached the file").isGreaterThan(before);
        int all = forces.get();
        writer.force();
        assertThat(forces.get()).as("nothing is left to force").isEqualTo(all);
        writer.close();
    }
}
