package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.LEASE;
import static io.spooler.testkit.StoreKit.refused;
import static io.spooler.testkit.StoreKit.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.AddressPattern;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Lending: what is due, to whom, for how long; wake and browse. Part of {@link MessageStoreContract}. */
public interface ClaimContract {

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    /** Equal times go in order of submission. */
    @Test
    default void lendsInOrderOfSubmission() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(kit().submit("ann@example.org"));
        }
        assertThat(kit().claimedIds()).isEqualTo(ids);
    }

    /** What has been due longest goes first, whenever it was submitted. */
    @Test
    default void lendsWhatIsDueLongest() throws Exception {
        SpoolId late = submitNotBefore(kit().now().plusSeconds(30));
        SpoolId early = submitNotBefore(kit().now().plusSeconds(20));
        kit().clock().advance(Duration.ofSeconds(40));
        SpoolId fresh = kit().submit("ann@example.org");
        assertThat(kit().claimedIds()).containsExactly(early, late, fresh);
    }

    private SpoolId submitNotBefore(Instant time) throws Exception {
        return kit().submit(to("ann@example.org").with(Envelope.Options.DEFAULT.withNotBefore(time)), StoreKit.TEXT);
    }

    /** The limit counts recipients, and is passed only to lend a message whole. */
    @Test
    default void lendsUpToTheLimit() throws Exception {
        SpoolId three = kit().submit("a@example.org", "b@example.org", "c@example.org");
        SpoolId one = kit().submit("d@example.org");
        SpoolId two = kit().submit("e@example.org", "f@example.org");
        assertThat(kit().claim(1)).singleElement().satisfies(c -> {
            assertThat(c.message().id()).isEqualTo(three);
            assertThat(c.due()).containsExactly(0, 1, 2);
        });
        assertThat(kit().claim(2)).extracting(c -> c.message().id()).containsExactly(one, two);
        assertThat(kit().claim(2)).isEmpty();
    }

    /** What is lent is not lent again. */
    @Test
    default void lendsOnce() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        assertThat(claim.until()).isEqualTo(kit().now().plus(LEASE));
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().claim(id, kit().now(), LEASE)).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
    }

    /** Given back, it is due as before, and no attempt is counted. */
    @Test
    default void takesBack() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim first = kit().claimOne();
        kit().store().release(first);
        assertThat(kit().store().nextDue()).isPresent();
        Claim second = kit().claimOne();
        assertThat(second.message().id()).isEqualTo(id);
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(second.message().recipients().get(0).attempts()).isZero();
        refused(
                kit().store().settle(first, Settlement.of(List.of(StoreKit.to(0, RecipientState.DELIVERED, null)))),
                SpoolException.Reason.NOT_FOUND);
        kit().store().release(first);
        assertThat(kit().claim(10)).as("the second claim still holds").isEmpty();
        assertThat(kit().states(id)).containsExactly(RecipientState.READY);
    }

    /** A lease ends by itself, and with it the right to settle. */
    @Test
    default void endsALease() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim first = kit().claimOne();
        kit().clock().set(first.until());
        refused(
                kit().store().settle(first, Settlement.of(List.of(StoreKit.to(0, RecipientState.DELIVERED, null)))),
                SpoolException.Reason.NOT_FOUND);
        Claim second = kit().claimOne();
        assertThat(second.message().id()).isEqualTo(id);
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        kit().complete(second);
        assertThat(kit().states(id)).containsExactly(RecipientState.DELIVERED);
    }

    /** One moment before its end a lease holds. */
    @Test
    default void keepsALeaseToItsEnd() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        kit().clock().set(claim.until().minusMillis(1));
        assertThat(kit().claim(10)).isEmpty();
        kit().complete(claim);
        assertThat(kit().find(id).complete()).isTrue();
    }

    /** Administration may borrow what is not due. */
    @Test
    default void lendsById() throws Exception {
        SpoolId id = submitNotBefore(kit().now().plusSeconds(3600));
        Claim claim = kit().store().claim(id, kit().now(), LEASE).orElseThrow();
        assertThat(claim.due()).containsExactly(0);
        assertThat(kit().store().nextDue()).isEmpty();
        kit().store().release(claim);
        assertThat(kit().store().nextDue()).contains(kit().now().plusSeconds(3600));
        assertThat(kit().store().claim(SpoolId.next(kit().now(), ThreadLocalRandom.current()), kit().now(), LEASE))
                .isEmpty();
    }

    /** Borrowed by id, everything that is not final is lent; finished messages are not. */
    @Test
    default void lendsByIdWhatIsNotFinal() throws Exception {
        SpoolId id = kit().submit("a@example.org", "b@example.org", "c@example.org");
        Claim claim = kit().claimOne();
        kit().settle(
                        claim,
                        Settlement.of(List.of(
                                StoreKit.to(0, RecipientState.RELAYED, null),
                                StoreKit.to(1, RecipientState.HELD, null),
                                StoreKit.to(
                                        2, RecipientState.WAITING, kit().now().plusSeconds(60)))));
        Claim again = kit().store().claim(id, kit().now(), LEASE).orElseThrow();
        assertThat(again.due()).containsExactly(1, 2);
        kit().complete(again);
        assertThat(kit().store().claim(id, kit().now(), LEASE)).isEmpty();
    }

    /** Held is held, until somebody releases it. */
    @Test
    default void neverLendsWhatIsHeld() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        kit().settle(kit().claimOne(), RecipientState.HELD, null);
        kit().clock().advance(Duration.ofDays(300));
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
        assertThat(kit().store().wake(QueueFilter.ALL)).isZero();
        assertThat(kit().claim(10)).isEmpty();
        Claim claim = kit().store().claim(id, kit().now(), LEASE).orElseThrow();
        kit().settle(claim, RecipientState.READY, kit().now());
        assertThat(kit().claimedIds()).containsExactly(id);
    }

    /** Waiting and deferred recipients wait for their time, and only those that are due are lent. */
    @Test
    default void lendsOnlyDueRecipients() throws Exception {
        SpoolId id = kit().submit("a@example.org", "b@example.org");
        Instant soon = kit().now().plusSeconds(10);
        Instant later = kit().now().plusSeconds(20);
        kit().settle(
                        kit().claimOne(),
                        Settlement.of(List.of(
                                StoreKit.to(0, RecipientState.WAITING, later),
                                StoreKit.to(1, RecipientState.DEFERRED, soon))));
        assertThat(kit().store().nextDue()).contains(soon);
        kit().reopenIfDurable();
        kit().clock().set(soon);
        Claim claim = kit().claimOne();
        assertThat(claim.message().id()).isEqualTo(id);
        assertThat(claim.due()).containsExactly(1);
        kit().clock().set(later);
        assertThat(kit().claim(10)).as("claimed, so the other one waits").isEmpty();
        kit().settle(claim, RecipientState.DEFERRED, later.plusSeconds(60));
        Claim next = kit().claimOne();
        assertThat(next.due()).containsExactly(0);
        assertThat(next.message().recipients().get(1).attempts()).isEqualTo(2);
    }

    /** Wake picks by state, type and pattern; the order of submission stays. */
    @Test
    default void wakesInOrderOfSubmission() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(kit().submit("user" + i + "@example.org"));
            kit().clock().advance(Duration.ofMillis(10));
        }
        List<Claim> claims = new ArrayList<>(kit().claim(100));
        Collections.reverse(claims);
        for (Claim claim : claims) {
            Instant deadline = kit().now().plusSeconds(3600);
            kit().settle(claim, RecipientState.WAITING, deadline);
            kit().clock().advance(Duration.ofMillis(10));
        }
        assertThat(kit().claim(100)).isEmpty();
        assertThat(kit().store().wake(pattern("SMTP:*"))).isEqualTo(10);
        assertThat(kit().store().nextDue().orElseThrow()).isBeforeOrEqualTo(kit().now());
        assertThat(kit().claimedIds()).isEqualTo(ids);
    }

    private static QueueFilter pattern(String text) {
        return new QueueFilter(Set.of(), List.of(AddressPattern.parse(text)));
    }

    /** Only what matches is woken, recipient by recipient. */
    @Test
    default void wakesWhatMatches() throws Exception {
        SpoolId mixed = kit().submit("ann@example.org", "MQTT:plant/7");
        SpoolId other = kit().submit("bob@example.net");
        for (Claim claim : kit().claim(10)) {
            kit().settle(claim, RecipientState.WAITING, kit().now().plusSeconds(3600));
        }
        assertThat(kit().store().wake(pattern("X400:*"))).isZero();
        assertThat(kit().store().wake(new QueueFilter(Set.of(RecipientState.DEFERRED), List.of())))
                .isZero();
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().wake(pattern("MQTT:*"))).isEqualTo(1);
        Claim claim = kit().claimOne();
        assertThat(claim.message().id()).isEqualTo(mixed);
        assertThat(claim.due()).containsExactly(1);
        assertThat(kit().store().wake(pattern("SMTP:*@example.net"))).isEqualTo(1);
        assertThat(kit().claimOne().message().id()).isEqualTo(other);
    }

    /** A deferred recipient is woken, too. */
    @Test
    default void wakesDeferred() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        kit().settle(kit().claimOne(), RecipientState.DEFERRED, kit().now().plusSeconds(3600));
        assertThat(kit().store().wake(QueueFilter.ALL)).isEqualTo(1);
        Claim claim = kit().claimOne();
        assertThat(claim.message().id()).isEqualTo(id);
        assertThat(claim.message().recipients().get(0).attempts()).isEqualTo(1);
        kit().settle(claim, RecipientState.DEFERRED, kit().now().plusSeconds(3600));
        assertThat(kit().claim(10)).as("woken once").isEmpty();
    }

    /** A wake that meets a claim is remembered: otherwise what is put back at that moment would sleep on. */
    @Test
    default void wakesClaimedOnesWhenTheirClaimEnds() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        kit().store().wake(pattern("SMTP:*"));
        kit().settle(claim, RecipientState.WAITING, kit().now().plusSeconds(3600));
        assertThat(kit().claimedIds()).containsExactly(id);
    }

    /** A wake is not durable. */
    @Test
    default void forgetsAWakeOverAReopening() throws Exception {
        kit().submit("ann@example.org");
        Instant deadline = kit().now().plusSeconds(3600);
        kit().settle(kit().claimOne(), RecipientState.WAITING, deadline);
        kit().store().wake(QueueFilter.ALL);
        kit().reopen();
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().nextDue()).contains(deadline);
        kit().clock().set(deadline);
        assertThat(kit().claimOne().due()).containsExactly(0);
    }

    /** Claims do not outlive the process; a clean end is no crash. */
    @Test
    default void forgetsClaimsOverAReopening() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim first = kit().claimOne();
        kit().reopen();
        refused(
                kit().store().settle(first, Settlement.of(List.of(StoreKit.to(0, RecipientState.DELIVERED, null)))),
                SpoolException.Reason.NOT_FOUND);
        Claim second = kit().claimOne();
        assertThat(second.message().id()).isEqualTo(id);
        assertThat(second.message().crashes()).isZero();
        assertThat(second.epoch()).isGreaterThan(first.epoch());
    }

    /** That work begins or rests is no outcome: the claim goes on. */
    @Test
    default void goesOnWhenWorkBeginsOrRests() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        StoreKit.get(kit().store().settle(claim, Settlement.BEGINS));
        StoreKit.get(kit().store().settle(claim, Settlement.RESTS));
        StoreKit.get(kit().store().settle(claim, Settlement.BEGINS));
        assertThat(kit().claim(10)).as("still lent").isEmpty();
        assertThat(kit().find(id).recipients().get(0).state()).isEqualTo(RecipientState.READY);
        kit().store().release(claim);
        refused(kit().store().settle(claim, Settlement.BEGINS), SpoolException.Reason.NOT_FOUND);
        assertThat(kit().claimOne().message().crashes()).isZero();
    }

    /** Browsing pages through all of the queue, claimed or not. */
    @Test
    default void browsesInPages() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            ids.add(kit().submit("user" + i + "@example" + i % 2 + ".org"));
        }
        kit().claim(5);
        List<SpoolId> seen = new ArrayList<>();
        List<MessageStatus> page = kit().store().query(QueueFilter.ALL, null, 10);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            page.forEach(m -> seen.add(m.id()));
            page = kit().store().query(QueueFilter.ALL, seen.get(seen.size() - 1), 10);
        }
        assertThat(seen).isEqualTo(ids);
        assertThat(kit().store().query(pattern("SMTP:*@example1.org"), null, 100))
                .hasSize(12)
                .isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
        assertThat(kit().store().query(pattern("SMTP:*@example1.org"), ids.get(1), 3))
                .extracting(MessageStatus::id)
                .containsExactly(ids.get(3), ids.get(5), ids.get(7));
        assertThat(kit().store().query(new QueueFilter(Set.of(RecipientState.HELD), List.of()), null, 100))
                .isEmpty();
    }

    /** Browsing leaves out what is complete. */
    @Test
    default void browsesTheQueueOnly() throws Exception {
        SpoolId gone = kit().submit("ann@example.org");
        kit().complete(kit().claimOne());
        SpoolId here = kit().submit("bob@example.org");
        assertThat(kit().store().query(QueueFilter.ALL, null, 100))
                .extracting(MessageStatus::id)
                .containsExactly(here);
        assertThat(kit().store().find(gone)).isPresent();
    }

    /** Lent recipients are shown as they were. */
    @Test
    default void countsByState() throws Exception {
        kit().submit("a@example.org", "b@example.org");
        kit().submit("c@example.org");
        Claim claim = kit().claim(1).get(0);
        assertThat(kit().store().status().messages()).isEqualTo(2);
        assertThat(kit().store().status().recipients()).containsEntry(RecipientState.READY, 3L);
        kit().settle(
                        claim,
                        Settlement.of(List.of(
                                StoreKit.to(0, RecipientState.RELAYED, null),
                                StoreKit.to(1, RecipientState.HELD, null))));
        assertThat(kit().store().status().recipients())
                .containsEntry(RecipientState.READY, 1L)
                .containsEntry(RecipientState.HELD, 1L);
    }
}
