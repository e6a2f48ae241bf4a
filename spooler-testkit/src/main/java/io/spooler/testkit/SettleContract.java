package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.LEASE;
import static io.spooler.testkit.StoreKit.refused;
import static io.spooler.testkit.StoreKit.text;
import static io.spooler.testkit.StoreKit.to;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Alternative;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Prepared;
import io.spooler.store.Settlement.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Outcomes: settle, prepare, revise, complete. Part of {@link MessageStoreContract}. */
public interface SettleContract {

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    /** The ledger keeps state, attempts, time, transport and reply; null keeps the former. */
    @Test
    default void keepsTheLedger() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        kit().clock().advance(Duration.ofSeconds(5));
        Instant due = kit().now().plusNanos(60_000_000_001L);
        Reply reply = new Reply("4.4.1", "no answer from \u00e4 host");
        Claim claim = kit().claimOne();
        kit().settle(
                        claim,
                        Settlement.of(List.of(new Transition(0, RecipientState.DEFERRED, true, due, "smtp-a", reply))));
        kit().reopenIfDurable();
        RecipientStatus first = kit().find(id).recipients().get(0);
        assertThat(first)
                .isEqualTo(new RecipientStatus(
                        Recipient.of(Address.smtp("ann@example.org")),
                        RecipientState.DEFERRED,
                        1,
                        due,
                        kit().now(),
                        "smtp-a",
                        reply));
        kit().clock().set(due);
        kit().settle(
                        kit().claimOne(),
                        Settlement.of(List.of(
                                new Transition(0, RecipientState.WAITING, false, due.plusSeconds(1), null, null))));
        RecipientStatus second = kit().find(id).recipients().get(0);
        assertThat(second.state()).isEqualTo(RecipientState.WAITING);
        assertThat(second.attempts()).isEqualTo(1);
        assertThat(second.transport()).isEqualTo("smtp-a");
        assertThat(second.reply()).isEqualTo(reply);
        assertThat(second.changed()).isEqualTo(due);
    }

    /** The same, read back from the disk. */
    @Test
    default void keepsTheLedgerOverAReopening() throws Exception {
        SpoolId id = kit().submit("a@example.org", "b@example.org", "c@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, one(1, RecipientState.RELAYED, null));
        kit().settle(claim, one(0, RecipientState.DEFERRED, kit().now().plusSeconds(60)));
        Message before = kit().find(id);
        kit().reopen();
        assertThat(kit().find(id).recipients()).isEqualTo(before.recipients());
        Claim rest = kit().claimOne();
        assertThat(rest.due()).containsExactly(2);
    }

    private static Settlement one(int recipient, RecipientState state, @Nullable Instant due) {
        return Settlement.of(List.of(to(recipient, state, due)));
    }

    /** A claim goes on until every lent recipient has had its transition. */
    @Test
    default void settlesPieceByPiece() throws Exception {
        SpoolId id = kit().submit("a@example.org", "b@example.org", "c@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, one(2, RecipientState.DEFERRED, kit().now()));
        kit().settle(claim, one(0, RecipientState.RELAYED, null));
        assertThat(kit().claim(10)).as("still lent").isEmpty();
        kit().settle(claim, one(1, RecipientState.DEFERRED, kit().now()));
        refused(kit().store().settle(claim, one(1, RecipientState.RELAYED, null)), SpoolException.Reason.NOT_FOUND);
        Claim next = kit().claimOne();
        assertThat(next.due()).containsExactly(1, 2);
        assertThat(kit().states(id))
                .containsExactly(RecipientState.RELAYED, RecipientState.DEFERRED, RecipientState.DEFERRED);
    }

    /** Settlements take effect in the order of the calls, waited for or not. */
    @Test
    default void settlesInOrder() throws Exception {
        int count = 40;
        String[] many = new String[count];
        for (int i = 0; i < count; i++) {
            many[i] = "user" + i + "@example.org";
        }
        SpoolId id = kit().submit(many);
        Claim claim = kit().claimOne();
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            boolean last = i % 2 == 0;
            stages.add(kit().store()
                    .settle(
                            claim,
                            last
                                    ? one(i, RecipientState.RELAYED, null)
                                    : one(
                                            i,
                                            RecipientState.DEFERRED,
                                            kit().now().plusSeconds(i))));
        }
        for (CompletionStage<?> stage : stages) {
            StoreKit.get(stage);
        }
        List<RecipientStatus> before = kit().find(id).recipients();
        assertThat(before).filteredOn(r -> r.state() == RecipientState.RELAYED).hasSize(count / 2);
        kit().reopen();
        assertThat(kit().find(id).recipients()).isEqualTo(before);
    }

    /** With the last recipient final the claim goes on until somebody completes. */
    @Test
    default void keepsTheClaimUntilCompletion() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, one(0, RecipientState.DELIVERED, null));
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().find(id).complete()).isFalse();
        assertThat(kit().store().status().messages()).isEqualTo(1);
        assertThat(text(claim.message().content())).isEqualTo(StoreKit.TEXT);
        kit().settle(claim, new Settlement(null, List.of(), true));
        assertThat(kit().find(id).complete()).isTrue();
        assertThat(kit().store().status().messages()).isZero();
        assertThat(kit().store().nextDue()).isEmpty();
        kit().clock().advance(LEASE);
        assertThat(kit().claim(10)).isEmpty();
    }

    /** What is final but not complete is due at once when nobody holds it: a crash came between. */
    @Test
    default void isDueForCompletion() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, one(0, RecipientState.FAILED, null));
        kit().store().release(claim);
        assertThat(kit().store().nextDue().orElseThrow()).isBeforeOrEqualTo(kit().now());
        Claim again = kit().claimOne();
        assertThat(again.message().id()).isEqualTo(id);
        assertThat(again.due()).isEmpty();
        assertThat(again.message().isFinal()).isTrue();
        kit().reopen();
        Claim after = kit().claimOne();
        assertThat(after.due()).isEmpty();
        assertThat(text(after.message().content())).isEqualTo(StoreKit.TEXT);
        kit().settle(after, new Settlement(null, List.of(), true));
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().find(id).complete()).isTrue();
    }

    /** A finished message can be found, without content, and does not come back. */
    @Test
    default void findsFinishedMessages() throws Exception {
        SpoolId id = kit().submit("ann@example.org", "bob@example.org");
        kit().complete(kit().claimOne());
        assertFinished(kit().find(id));
        kit().reopen();
        assertFinished(kit().find(id));
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
    }

    private static void assertFinished(Message message) {
        assertThat(message.complete()).isTrue();
        assertThat(message.size()).as("octets that were accepted").isEqualTo(StoreKit.TEXT.length());
        assertThat(message.status().size()).isEqualTo(message.size());
        assertThat(message.content().size()).isZero();
        assertThat(message.accepted().size()).isZero();
        assertThat(message.recipients()).hasSize(2).allSatisfy(r -> {
            assertThat(r.state()).isEqualTo(RecipientState.DELIVERED);
            assertThat(r.reply()).isEqualTo(new Reply("2.0.0", "said by a test"));
            assertThat(r.due()).isNull();
        });
        assertThat(message.envelope()).isEqualTo(to("ann@example.org", "bob@example.org"));
    }

    /** The prefix goes in front, the accepted bytes stay. */
    @Test
    default void putsThePrefixInFront() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        Prepared prepared = new Prepared("Received: h\u00e9re\r\n", null, List.of("trace", "alias"));
        kit().settle(claim, new Settlement(prepared, List.of(), false));
        assertThat(kit().claim(10)).as("still lent").isEmpty();
        assertPrepared(kit().find(id));
        kit().settle(claim, one(0, RecipientState.DEFERRED, kit().now()));
        kit().reopenIfDurable();
        Claim again = kit().claimOne();
        assertPrepared(again.message());
        assertThat(again.due()).containsExactly(0);
        kit().store().release(again);
        kit().reopen();
        assertPrepared(kit().find(id));
    }

    private static void assertPrepared(Message message) throws Exception {
        assertThat(message.prepared()).isTrue();
        assertThat(message.hooks()).containsExactly("trace", "alias");
        assertThat(text(message.content())).isEqualTo("Received: h\u00e9re\r\n" + StoreKit.TEXT);
        assertThat(text(message.accepted())).isEqualTo(StoreKit.TEXT);
        assertThat(message.content().size()).isEqualTo(StoreKit.TEXT.length() + 17L);
    }

    /** New recipients replace the old ones and are lent under the same claim. */
    @Test
    default void replacesRecipients() throws Exception {
        SpoolId id = kit().submit("all@example.org");
        Claim claim = kit().claimOne();
        List<Recipient> others = List.of(
                claim.message().envelope().recipients().get(0).withAddress(Address.smtp("ann@example.org")),
                Recipient.of(Address.parse("LOCAL:bob")));
        kit().settle(
                        claim,
                        new Settlement(
                                new Prepared("", others, List.of("alias")),
                                List.of(to(1, RecipientState.DELIVERED, null)),
                                false));
        assertThat(kit().claim(10)).as("the first one is still lent").isEmpty();
        assertThat(kit().states(id)).containsExactly(RecipientState.READY, RecipientState.DELIVERED);
        kit().settle(claim, one(0, RecipientState.DEFERRED, kit().now()));
        kit().reopenIfDurable();
        Claim again = kit().claimOne();
        assertThat(again.due()).containsExactly(0);
        assertThat(again.message().recipients())
                .extracting(RecipientStatus::recipient)
                .isEqualTo(others);
        assertThat(again.message().envelope().recipients()).hasSize(1);
        kit().store().release(again);
        kit().reopen();
        assertThat(kit().find(id).recipients())
                .extracting(RecipientStatus::recipient)
                .isEqualTo(others);
    }

    /** A recipient gets another explicit transport, and loses it again; the others, and the envelope, stay. */
    @Test
    default void pinsRecipients() throws Exception {
        pins(kit().submit("a@example.org", "b@example.org"), 2);
    }

    /** The same in a long list, of which only a part changes at a time. */
    @Test
    default void pinsRecipientsOfALongList() throws Exception {
        String[] many = new String[40];
        Arrays.setAll(many, i -> "user" + i + "@example.org");
        pins(kit().submit(many), many.length);
    }

    private void pins(SpoolId id, int count) throws Exception {
        Instant later = kit().now().plusSeconds(60);
        Claim claim = kit().claimOne();
        kit().settle(claim, one(0, RecipientState.DEFERRED, later));
        kit().settle(claim, pin(claim, 1, RecipientState.HELD, null, "other"));
        assertPinned(id, count, "other");
        kit().store().release(claim);
        Claim next = kit().store().claim(id, kit().now(), LEASE).orElseThrow();
        kit().settle(next, one(0, RecipientState.RELAYED, null));
        kit().store().release(next);
        kit().reopen();
        assertPinned(id, count, "other");
        assertThat(kit().states(id)).startsWith(RecipientState.RELAYED, RecipientState.HELD);

        Claim again = kit().store().claim(id, kit().now(), LEASE).orElseThrow();
        assertThat(again.message().recipients().get(1).recipient().transport()).isEqualTo("other");
        kit().settle(again, pin(again, 1, RecipientState.READY, kit().now(), null));
        kit().store().release(again);
        kit().reopen();
        assertPinned(id, count, null);
    }

    private static Settlement pin(
            Claim claim, int number, RecipientState state, @Nullable Instant due, @Nullable String transport) {
        return renew(number, state, due, recipient(claim, number).withTransport(transport));
    }

    private static Recipient recipient(Claim claim, int number) {
        return claim.message().recipients().get(number).recipient();
    }

    private static Settlement renew(int number, RecipientState state, @Nullable Instant due, Recipient renewed) {
        return Settlement.of(List.of(new Transition(number, state, true, due, null, null, renewed)));
    }

    /** A recipient goes to its next alternative: another type, and attempts from the beginning. */
    @Test
    default void movesRecipientsToTheirAlternatives() throws Exception {
        Recipient ann = Recipient.of(Address.smtp("ann@example.org"))
                .withAlternatives(List.of(
                        new Alternative(new Address("SMS", "+351"), Duration.ofMinutes(10)),
                        new Alternative(new Address("FAX", "1"), null)));
        Recipient bob = Recipient.of(Address.smtp("bob@example.org"));
        SpoolId id = kit().submit(new Envelope(null, List.of(ann, bob), Envelope.Options.DEFAULT), "text");
        kit().reopen();
        Claim claim = kit().claimOne();
        assertThat(recipient(claim, 0)).isEqualTo(ann);
        kit().settle(claim, one(1, RecipientState.DEFERRED, kit().now().plusSeconds(3600)));
        kit().settle(claim, renew(0, RecipientState.READY, kit().now(), ann.atAlternative()));
        assertMoved(id, ann.atAlternative(), bob);

        kit().reopen();
        assertMoved(id, ann.atAlternative(), bob);
        Claim again = kit().claimOne();
        assertThat(again.due()).containsExactly(0);
        kit().settle(again, one(0, RecipientState.WAITING, kit().now().plusSeconds(60)));
        QueueFilter sms = new QueueFilter(Set.of(), List.of(new AddressPattern("SMS", "*")));
        assertThat(kit().store().query(sms, null, 10)).hasSize(1);
        assertThat(kit().store().wake(sms)).isEqualTo(1);
    }

    private void assertMoved(SpoolId id, Recipient moved, Recipient other) {
        assertThat(kit().find(id).recipients())
                .extracting(RecipientStatus::recipient, RecipientStatus::attempts)
                .containsExactly(tuple(moved, 0), tuple(other, 1));
    }

    private void assertPinned(SpoolId id, int count, @Nullable String transport) {
        Message message = kit().find(id);
        assertThat(message.recipients()).hasSize(count);
        for (int i = 0; i < count; i++) {
            Recipient accepted = message.envelope().recipients().get(i);
            assertThat(accepted.transport()).isNull();
            assertThat(message.recipients().get(i).recipient())
                    .as("recipient %d", i)
                    .isEqualTo(i == 1 ? accepted.withTransport(transport) : accepted);
        }
    }

    /** No recipients left: everything is final, and only completion is missing. */
    @Test
    default void mayBeLeftWithoutRecipients() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        kit().settle(claim, new Settlement(new Prepared("", List.of(), List.of("drop")), List.of(), false));
        assertThat(kit().claim(10)).isEmpty();
        kit().settle(claim, new Settlement(null, List.of(), true));
        assertThat(kit().find(id).complete()).isTrue();
    }

    /** A revised content is carried from the next claim on; the accepted bytes stay. */
    @Test
    default void revisesTheContent() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        Draft draft = kit().store().revise(claim);
        assertThat(draft.id()).isEqualTo(id);
        write(draft, "Revised\r\n");
        assertThat(text(kit().find(id).content())).isEqualTo(StoreKit.TEXT);
        assertThat(StoreKit.get(draft.commit())).isEqualTo(id);
        kit().settle(claim, new Settlement(new Prepared("X: y\r\n", null, List.of("h")), List.of(), false));
        kit().store().release(claim);
        Claim again = kit().claimOne();
        assertThat(text(again.message().content())).isEqualTo("X: y\r\nRevised\r\n");
        assertThat(text(again.message().accepted())).isEqualTo(StoreKit.TEXT);
        kit().settle(again, one(0, RecipientState.HELD, null));
        kit().reopen();
        assertThat(text(kit().find(id).content())).isEqualTo("X: y\r\nRevised\r\n");
        assertThat(text(kit().find(id).accepted())).isEqualTo(StoreKit.TEXT);
        assertThat(kit().find(id).status().size()).isEqualTo(StoreKit.TEXT.length());
    }

    /** A large content may be revised, too, and a revision may be abandoned. */
    @Test
    default void revisesALargeContent() throws Exception {
        String large = "0123456789".repeat(50_000);
        SpoolId id = kit().submit(to("ann@example.org"), large);
        Claim claim = kit().claimOne();
        try (Draft abandoned = kit().store().revise(claim)) {
            write(abandoned, large.substring(100));
        }
        assertThat(text(kit().find(id).content())).isEqualTo(large);
        Draft draft = kit().store().revise(claim);
        write(draft, large + "tail");
        StoreKit.get(draft.commit());
        assertThat(text(kit().find(id).content())).isEqualTo(large + "tail");
        kit().store().release(claim);
        kit().reopen();
        assertThat(text(kit().claimOne().message().content())).isEqualTo(large + "tail");
        assertThat(text(kit().find(id).accepted())).isEqualTo(large);
    }

    /** Nobody revises what he does not hold. */
    @Test
    default void revisesOnlyUnderAClaim() throws Exception {
        SpoolId id = kit().submit("ann@example.org");
        Claim claim = kit().claimOne();
        Draft draft = kit().store().revise(claim);
        write(draft, "late");
        kit().store().release(claim);
        refused(draft.commit(), SpoolException.Reason.NOT_FOUND);
        assertThatThrownBy(() -> kit().store().revise(claim))
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NOT_FOUND));
        assertThat(text(kit().find(id).content())).isEqualTo(StoreKit.TEXT);
    }

    /** What is lent can be read as long as the claim lasts, and settled in any order. */
    @Test
    default void settlesClaimsInAnyOrder() throws Exception {
        for (int i = 0; i < 10; i++) {
            kit().submit(to("user" + i + "@example.org"), "content " + i);
        }
        List<Claim> claims = kit().claim(100);
        for (int i = 9; i >= 0; i -= 2) {
            kit().complete(claims.get(i));
        }
        for (int i = 0; i < 10; i += 2) {
            assertThat(text(claims.get(i).message().content())).isEqualTo("content " + i);
            kit().settle(claims.get(i), RecipientState.DEFERRED, kit().now());
        }
        assertThat(kit().claimedIds())
                .isEqualTo(claims.stream()
                        .map(c -> c.message().id())
                        .filter(id -> !kit().find(id).complete())
                        .toList());
    }
}
