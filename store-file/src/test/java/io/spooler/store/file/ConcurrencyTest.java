package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Draft;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many writers, one that delivers, one that cares and one that browses, at once. */
class ConcurrencyTest {

    private static final int WRITERS = 8;
    private static final int EACH = 250;

    @TempDir
    Path directory;

    private final Set<SpoolId> accepted = ConcurrentHashMap.newKeySet();
    private final Set<SpoolId> delivered = ConcurrentHashMap.newKeySet();
    private volatile boolean delivering = true;
    private final CountDownLatch done = new CountDownLatch(WRITERS * EACH);

    @RepeatedTest(3)
    void deliversEachMessageOnce() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (FileStore store = TestStores.open(directory, Clock.systemUTC())) {
            List<Callable<Void>> work = new ArrayList<>();
            IntStream.range(0, WRITERS).forEach(i -> work.add(() -> write(store, i)));
            List<Future<Void>> futures = work.stream().map(threads::submit).toList();
            Future<Void> deliverer = threads.submit(() -> deliver(store));
            Future<Void> browser = threads.submit(() -> browse(store));
            for (Future<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
            deliverer.get(60, TimeUnit.SECONDS);
            delivering = false;
            browser.get(60, TimeUnit.SECONDS);
            assertThat(delivered).isEqualTo(accepted);
            assertThat(store.status().messages()).isZero();
        } finally {
            delivering = false;
            threads.shutdownNow();
        }
        try (FileStore store = TestStores.open(directory, Clock.systemUTC())) {
            assertThat(store.status().messages()).isZero();
            assertThat(store.nextDue()).isEmpty();
        }
    }

    /** An interrupt closes a FileChannel for everybody: the store must not care. */
    @Test
    void survivesTheInterruptionOfAReader() throws Exception {
        try (StoreKit kit = TestStores.kit(directory)) {
            for (String text : List.of("small", "large".repeat(50_000))) {
                Message message = kit.find(kit.submit(StoreKit.to("ann@example.org"), text));
                Thread.currentThread().interrupt();
                assertThat(StoreKit.text(message.content())).isEqualTo(text);
                assertThat(Thread.interrupted()).as("the mark is kept").isTrue();
                assertThat(StoreKit.text(message.content())).isEqualTo(text);
            }
            kit.submit("bob@example.org");
        }
    }

    private Void write(FileStore store, int writer) throws Exception {
        for (int i = 0; i < EACH; i++) {
            try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
                StoreKit.write(draft, ("message " + i + " of " + writer + "\n").repeat(i % 50 == 7 ? 5000 : 20));
                accepted.add(StoreKit.get(draft.commit()));
            }
        }
        return null;
    }

    private Void deliver(FileStore store) throws Exception {
        while (delivering && done.getCount() > 0) {
            for (Claim claim : store.claim(50, Instant.now(), StoreKit.LEASE)) {
                assertThat(StoreKit.text(claim.message().content())).startsWith("message ");
                boolean now = claim.message().recipients().get(0).attempts() > 0;
                Settlement settlement = new Settlement(
                        null,
                        List.of(StoreKit.to(
                                0, now ? RecipientState.RELAYED : RecipientState.DEFERRED, now ? null : Instant.EPOCH)),
                        now);
                StoreKit.get(store.settle(claim, settlement));
                if (now) {
                    assertThat(delivered.add(claim.message().id()))
                            .as("delivered once")
                            .isTrue();
                    done.countDown();
                }
            }
        }
        return null;
    }

    private Void browse(FileStore store) {
        while (delivering) {
            assertThat(store.query(QueueFilter.ALL, null, 50)).isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
            store.wake(QueueFilter.ALL);
            store.care();
        }
        return null;
    }
}
