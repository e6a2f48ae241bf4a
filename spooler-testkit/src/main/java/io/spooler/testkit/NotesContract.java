package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.LedgerNotes;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said when all is done. Part of {@link MessageStoreContract}; skipped for a store that has no {@link LedgerNotes}. */
public interface NotesContract {

    /** What a report says. */
    Reply SAID = new Reply("5.1.1", "a report says: failed");

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    private LedgerNotes notes() {
        assumeTrue(kit().store() instanceof LedgerNotes, "the store takes no notes");
        return (LedgerNotes) kit().store();
    }

    private static Transition relayed(int number) {
        return new Transition(number, RecipientState.RELAYED, true, null, "smtp", new Reply("2.0.0", "queued"));
    }

    private static RecipientStatus said(RecipientStatus r) {
        return new RecipientStatus(r.recipient(), r.state(), r.attempts(), r.due(), r.changed(), r.transport(), SAID);
    }

    /** Of a finished message: nothing but the reply changes, and it lasts. */
    @Test
    default void notesWhatIsSaidWhenAllIsDone() throws Exception {
        SpoolId id = kit().submit("ann@example.org", "bob@example.org");
        kit().settle(kit().claimOne(), new Settlement(null, List.of(relayed(0), relayed(1)), true));
        List<RecipientStatus> before = kit().find(id).recipients();
        kit().clock().advance(Duration.ofMinutes(5));
        assertThat(notes().note(id, 1, SAID)).isTrue();
        assertThat(kit().find(id).recipients()).containsExactly(before.get(0), said(before.get(1)));
        assertThat(kit().find(id).complete()).isTrue();
        kit().reopenIfDurable();
        assertThat(kit().find(id).recipients()).containsExactly(before.get(0), said(before.get(1)));
        assertThat(notes().note(id, 1, new Reply("2.0.0", "another"))).isTrue();
        assertThat(notes().note(id, 1, SAID)).as("the last one counts").isTrue();
        kit().reopenIfDurable();
        assertThat(kit().find(id).recipients()).containsExactly(before.get(0), said(before.get(1)));
        assertThat(kit().claim(10)).isEmpty();
    }

    /** Of one in the queue: a claim goes on, and what it records keeps the note. */
    @Test
    default void notesWhatIsSaidWhileOthersAreOpen() throws Exception {
        SpoolId id = kit().submit("ann@example.org", "bob@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, Settlement.of(List.of(relayed(0))));
        assertThat(notes().note(id, 0, SAID)).isTrue();
        assertThat(notes().note(id, 1, SAID)).as("of one that is not final").isFalse();
        kit().settle(claim, Settlement.of(List.of(to(1, RecipientState.DEFERRED, kit().now()))));
        kit().reopenIfDurable();
        assertThat(kit().find(id).recipients())
                .extracting(RecipientStatus::state)
                .containsExactly(RecipientState.RELAYED, RecipientState.DEFERRED);
        assertThat(kit().find(id).recipients().get(0).reply()).isEqualTo(SAID);
        Claim again = kit().claimOne();
        assertThat(StoreKit.text(again.message().content())).isEqualTo(StoreKit.TEXT);
        kit().settle(again, new Settlement(null, List.of(relayed(1)), true));
        assertThat(kit().find(id).recipients().get(0).reply()).isEqualTo(SAID);
    }

    /** Nobody else is touched. */
    @Test
    default void notesNothingOfOthers() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        assertThat(notes().note(id, 0, SAID)).as("not final").isFalse();
        assertThat(notes().note(id, 1, SAID)).as("no such recipient").isFalse();
        assertThat(notes().note(id, -1, SAID)).as("no such recipient").isFalse();
        assertThat(notes().note(new SpoolId(1, 2), 0, SAID)).as("unknown").isFalse();
        assertThat(kit().claimOne().due()).containsExactly(0);
    }
}
