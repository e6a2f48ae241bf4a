package io.spooler.store.file;

import static io.spooler.testkit.StoreKit.get;
import static io.spooler.testkit.StoreKit.refused;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes.Entry;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException.Reason;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import io.spooler.store.file.journal.ForwardingDisk;
import io.spooler.store.file.journal.LocalDisk;
import io.spooler.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where messages came from is known when that is safe, and not before: who is told so deletes the message there. */
class OriginsTest {

    private static final long PATIENCE = 60;

    @TempDir
    Path directory;

    /** Holds the forces of the journal until it is let go. */
    private static final class SlowDisk extends ForwardingDisk {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private volatile boolean slow;

        SlowDisk() {
            super(new LocalDisk());
        }

        @Override
        public Handle create(Path path) throws IOException {
            return new ForwardingHandle(super.create(path)) {
                @Override
                public void force() throws IOException {
                    if (slow) {
                        begun.countDown();
                        await(go);
                    }
                    super.force();
                }
            };
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE, TimeUnit.SECONDS))
                    .as("the other thread")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static CompletionStage<Entry> file(FileStore store) throws Exception {
        Incoming incoming = store.folders().receive();
        write(incoming, "Subject: x\r\n\r\nbody\r\n");
        return incoming.file(new Filing("ann", "INBOX", "IPM.Note", null, Set.of()), new Origin("imap-a", "7", ""));
    }

    @Test
    void whatIsJustBeingFiledIsNotKnownYet() throws Exception {
        SlowDisk disk = new SlowDisk();
        try (FileStore store = TestStores.open(directory, disk, new ManualClock())) {
            disk.slow = true;
            CompletionStage<Entry> first = file(store);
            await(disk.begun);
            try {
                refused(file(store), Reason.NOT_NOW);
                assertThat(store.folders().origins().of("imap-a")).isEmpty();
            } finally {
                disk.slow = false;
                disk.go.countDown();
            }
            get(first);
            refused(file(store), Reason.KNOWN);
        }
    }
}
