package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.journal.ForwardingDisk;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only this store does with messages that are filed, and with what it could not read back. */
class FiledTest {

    private static final Filing INBOX = new Filing("ann", "INBOX", "IPM.Note", null, Set.of());

    private static final int SECONDS = 20;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private FileStore store;
    private volatile CountDownLatch forcing = new CountDownLatch(0);

    /** Forces when it is let. */
    private final class Gate extends ForwardingDisk {

        Gate() {
            super(TestStores.disk());
        }

        @Override
        public Handle create(Path path) throws IOException {
            return new ForwardingHandle(super.create(path)) {
                @Override
                public void force() throws IOException {
                    try {
                        if (!forcing.await(SECONDS, TimeUnit.SECONDS)) {
                            throw new IOException("nobody lets it");
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    super.force();
                }
            };
        }
    }

    @BeforeEach
    void open() throws Exception {
        StoreOptions options = new StoreOptions(
                directory, new Limits(50 << 20, 100_000, 64 * 1024), Duration.ofDays(3), 1000, 1 << 20, 0, 0, "");
        store = FileStore.open(options, new Gate(), clock);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static Mailboxes.Entry get(CompletionStage<Mailboxes.Entry> stage) throws Exception {
        return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    private static void write(Incoming incoming, String text) throws Exception {
        incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofTwoUnderOneIdTheLaterOneIsThereAsAfterAStart() throws Exception {
        SpoolId id = new SpoolId(1, 2).copyFor(new Address("LOCAL", "ann"));
        try (Incoming first = store.folders().receive(id);
                Incoming second = store.folders().receive(id)) {
            write(first, "first");
            write(second, "second");
            get(first.file(INBOX, null));
            get(second.file(INBOX, null));
        }
        assertOnlyTheSecond(id);
        store.close();
        open();
        assertOnlyTheSecond(id);
        assertThat(store.folders().delete(id)).isTrue();
        assertThat(store.folders().list("ann", "INBOX", 0, 10)).isEmpty();
    }

    private void assertOnlyTheSecond(SpoolId id) throws Exception {
        assertThat(store.folders().list("ann", "INBOX", 0, 10)).hasSize(1);
        assertThat(store.folders().since(0, 10)).hasSize(1);
        assertThat(StoreKit.text(store.folders().content(id).orElseThrow())).isEqualTo("second");
    }

    @Test
    void whoWouldWaitOnTheThreadThatWritesIsRefused() throws Exception {
        try (Incoming incoming = store.folders().receive()) {
            forcing = new CountDownLatch(1);
            CompletionStage<Boolean> marked = incoming.file(INBOX, null).thenApply(this::mark);
            forcing.countDown();
            assertThatThrownBy(() -> marked.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("waits for the disk");
        }
        try (Incoming next = store.folders().receive()) {
            assertThat(get(next.file(INBOX, null)).folder()).isEqualTo("INBOX");
        }
    }

    private boolean mark(Mailboxes.Entry entry) {
        try {
            return store.folders().mark(entry.id(), Set.of("seen"));
        } catch (SpoolException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void whatCouldNotBeReadBackIsNotTaken() throws Exception {
        Recipient recipient = Recipient.of(new Address("SMTP", "x".repeat(1000) + "@example.org"));
        Envelope envelope = new Envelope(null, Collections.nCopies(70_000, recipient), Envelope.Options.DEFAULT);
        try (Draft draft = store.begin(envelope)) {
            assertThatThrownBy(() -> StoreKit.get(draft.commit()))
                    .isInstanceOfSatisfying(
                            SpoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.TOO_LARGE));
        }
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            assertThat(store.find(StoreKit.get(draft.commit()))).isPresent();
        }
    }
}
