package io.spooler.store.file.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {

    private static final int LIMIT = 1 << 20;
    private static final int MANY = 500;
    private static final int SIZE = 100;
    private static final int BODY = 1000;

    @TempDir
    private Path directory;

    private final AtomicInteger reads = new AtomicInteger();
    private final List<Long> positions = new ArrayList<>();
    private final Segments segments = new Segments();
    private final ReadAhead ahead = new ReadAhead(segments);
    private Segment segment;
    private SegmentWriter writer;

    private final class Counting extends ForwardingDisk {

        Counting() {
            super(new LocalDisk());
        }

        @Override
        public Handle open(Path path) throws IOException {
            return new ForwardingHandle(super.open(path)) {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    reads.incrementAndGet();
                    return super.read(target, position);
                }
            };
        }
    }

    @BeforeEach
    void begin() throws IOException {
        Disk disk = new Counting();
        segment = new Segment(disk, Segment.path(directory, 1), new SegmentHeader(1, 1, 1, 0, 0));
        segments.add(segment);
        writer = new SegmentWriter(disk, directory, LIMIT, new Spare(disk, directory, LIMIT), () -> {});
    }

    @AfterEach
    void end() throws IOException {
        writer.close();
        segments.close();
    }

    /** Each head is full of its number. */
    private void write(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            byte[] head = new byte[SIZE];
            Arrays.fill(head, (byte) positions.size());
            Append record = new Append(1, true, head, SIZE, new byte[BODY], BODY, 0) {};
            record.place(segment, SegmentHeader.SIZE + positions.size() * record.size());
            positions.add(record.position());
            writer.write(List.of(record));
        }
    }

    private void reads(int number) throws IOException {
        Journal.Found found = ahead.read(positions.get(number));
        assertThat(found.head().limit()).isEqualTo(SIZE);
        assertThat(found.head().get(0)).isEqualTo((byte) number);
        assertThat(found.bodySize()).isEqualTo(BODY);
        assertThat(found.bodyPosition())
                .isEqualTo(segments.read(positions.get(number)).bodyPosition());
    }

    @Test
    void oneReadServesMany() throws Exception {
        write(MANY);
        for (int i = 0; i < MANY; i++) {
            ahead.read(positions.get(i));
        }
        assertThat(reads).hasValueLessThan(MANY / 10);
        for (int i = 0; i < MANY; i++) {
            reads(i);
        }
    }

    @Test
    void whatIsFarAwayIsReadByItself() throws Exception {
        write(MANY);
        for (int i = MANY - 1; i >= 0; i--) {
            reads(i);
        }
        for (int i = 0; i < MANY; i += 7) {
            reads(i);
        }
    }

    @Test
    void whatIsWrittenBehindTheReadIsFoundAllTheSame() throws Exception {
        write(3);
        reads(0);
        reads(1);
        write(MANY);
        for (int i = 2; i < MANY; i++) {
            reads(i);
        }
    }

    @Test
    void damageIsNotPassedOver() throws Exception {
        write(MANY);
        try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'x'}), Position.offset(positions.get(3)) + Append.HEADER + 5);
        }
        reads(0);
        reads(1);
        reads(2);
        assertThatThrownBy(() -> ahead.read(positions.get(3))).isInstanceOf(DamagedRecordException.class);
        reads(4);
    }
}
