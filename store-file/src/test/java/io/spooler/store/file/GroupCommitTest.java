package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolException;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Position;
import io.spooler.store.file.journal.Recovery;
import io.spooler.testkit.ManualClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two threads write and force in turns; nobody is told before the force that covers his record has returned. */
class GroupCommitTest {

    private static final Path DIRECTORY = Path.of("journal");
    private static final int SEGMENT = 64 * 1024;
    private static final int WRITERS = 8;
    private static final int RECORDS = 2000;

    private final LateDisk disk = new LateDisk();
    private final ConcurrentLinkedQueue<String> early = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> told = new ConcurrentLinkedQueue<>();

    /** Looks at the disk when it is told of. */
    private final class Watched extends Append {

        private final CompletableFuture<Boolean> stage = new CompletableFuture<>();

        Watched(int size) {
            super(1, true, filled(size), size);
        }

        @Override
        protected void done() {
            String segment = "%010d.log".formatted(Position.segment(position()));
            long end = Position.offset(position()) + (long) size();
            if (disk.durable.get(segment).get() < end) {
                early.add(Position.text(position()));
            }
            told.add(position());
            stage.complete(true);
        }

        @Override
        protected void failed(SpoolException reason) {
            stage.completeExceptionally(reason);
        }
    }

    private static byte[] filled(int size) {
        byte[] octets = new byte[size];
        java.util.Arrays.fill(octets, (byte) 1);
        return octets;
    }

    private Journal journal() throws Exception {
        Recovery recovery = new Recovery(disk, DIRECTORY, Path.of("quarantine"));
        recovery.open();
        Recovery.Result nothing = recovery.run(
                new Recovery.Replay() {
                    @Override
                    public void run() {
                        // There was none before.
                    }

                    @Override
                    public boolean record(Journal.Found found, long position) {
                        return true;
                    }
                },
                null);
        return new Journal(disk, DIRECTORY, SEGMENT, nothing, 1, new ManualClock(), new Journal.Listener() {
            @Override
            public void recorded(List<Append> batch) {
                Journal.apply(batch);
            }

            @Override
            public void stopped(SpoolException reason) {
                early.add(reason.toString());
            }
        });
    }

    @Test
    void tellsNobodyBeforeTheForceOfHisRecord() throws Exception {
        Journal journal = journal();
        journal.start();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int size = 100 + 37 * i;
                all.add(writers.submit(() -> {
                    for (int n = 0; n < RECORDS; n++) {
                        Watched record = new Watched(size);
                        journal.append(record);
                        assertThat(record.stage.get(20, TimeUnit.SECONDS)).isTrue();
                    }
                    return null;
                }));
            }
            for (Future<Void> writer : all) {
                writer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(journal.close()).isTrue();
        assertThat(early).isEmpty();
        assertThat(List.copyOf(told)).hasSize(WRITERS * RECORDS).isSorted();
    }
}
