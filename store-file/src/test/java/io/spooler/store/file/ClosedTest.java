package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Draft;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a store, a draft or a claim when the store is closed is told so, and harms nothing. */
class ClosedTest {

    private static final Filing INBOX = new Filing("ann", "INBOX", "IPM.Note", null, Set.of());

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private FileStore store;
    private Claim claim;
    private SpoolId filed;
    private Draft draft;
    private Incoming incoming;

    @BeforeEach
    void close() throws Exception {
        store = TestStores.open(directory, clock);
        try (Draft first = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(first, "kept");
            StoreKit.get(first.commit());
        }
        try (Incoming one = store.folders().receive()) {
            filed = one.id();
            StoreKit.get(one.file(INBOX, null));
        }
        claim = store.claim(1, clock.instant(), StoreKit.LEASE).get(0);
        draft = store.begin(StoreKit.to("bob@example.org"));
        incoming = store.folders().receive();
        store.close();
    }

    private static void assertStopped(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORE_STOPPED));
    }

    @Test
    void itTakesNothing() {
        assertStopped(() -> store.begin(StoreKit.to("cat@example.org")));
        assertStopped(() -> StoreKit.get(draft.commit()));
        assertStopped(() -> store.folders().receive());
        assertStopped(() -> StoreKit.get(incoming.file(INBOX, null)));
        assertStopped(() -> store.folders().mark(filed, Set.of("seen")));
        assertStopped(() -> store.folders().delete(filed));
    }

    @Test
    void itGivesNothing() {
        assertThat(store.claim(10, clock.instant(), StoreKit.LEASE)).isEmpty();
        assertThat(store.claim(claim.message().id(), clock.instant(), StoreKit.LEASE))
                .isEmpty();
        assertThat(store.nextDue()).isEmpty();
        assertThat(store.find(claim.message().id())).isEmpty();
        assertThat(store.query(QueueFilter.ALL, null, 10)).isEmpty();
        assertThat(store.wake(QueueFilter.ALL)).isZero();
        assertThat(store.status().condition()).isEqualTo(Condition.FAILED);
    }

    @Test
    void whatItLentIsThereAgainWhenItIsOpened() throws Exception {
        assertStopped(() -> StoreKit.get(store.settle(
                claim, new Settlement(null, List.of(StoreKit.to(0, RecipientState.RELAYED, null)), true))));
        store.release(claim);
        store.close();
        try (FileStore again = TestStores.open(directory, clock)) {
            assertThat(again.claim(10, clock.instant(), StoreKit.LEASE)).hasSize(1);
            assertThat(again.status().messages()).isEqualTo(1);
            assertThat(again.folders().entry(filed)).isPresent();
        }
    }
}
