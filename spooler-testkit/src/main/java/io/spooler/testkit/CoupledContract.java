package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.TEXT;
import static io.spooler.testkit.StoreKit.text;
import static io.spooler.testkit.StoreKit.to;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.CoupledStore.Served;
import io.spooler.store.CoupledStore.Serving;
import io.spooler.store.Folders;
import io.spooler.store.Message;
import io.spooler.store.OwnPart;
import io.spooler.store.OwnPart.Placement;
import io.spooler.store.Settlement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a store serves itself (R1, R2). Part of {@link MessageStoreContract}; skipped for a store that is no
 * {@link CoupledStore}.
 */
public interface CoupledContract {

    /** More than any store keeps beside the ledger. */
    String LARGE = "0123456789abcdef".repeat(20_000);

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    private CoupledStore coupled() {
        assumeTrue(kit().store() instanceof CoupledStore, "the store is never coupled");
        return (CoupledStore) kit().store();
    }

    private Served serve(Envelope envelope, String text, OwnPart part) throws Exception {
        try (Serving draft = coupled().begin(envelope, part)) {
            write(draft, text);
            assertThat(draft.served()).as("before the commit").isEmpty();
            SpoolId id = StoreKit.get(draft.commit());
            assertThat(id).isEqualTo(draft.id());
            return draft.served().orElseThrow();
        }
    }

    private static Folders.Filing into(String mailbox) {
        return new Folders.Filing(
                mailbox, Mailboxes.INBOX, "IPM.Note", Address.smtp("sender@example.org"), Set.of("\\Recent"));
    }

    private static Placement copy(String mailbox, Integer... recipients) {
        return new Placement(List.of(recipients), into(mailbox));
    }

    private static OwnPart part(boolean completion, Placement... placements) {
        return new OwnPart("own", List.of(placements), completion);
    }

    private String filed(Mailboxes.Entry copy) throws Exception {
        return text(kit().store().folders().content(copy.id()).orElseThrow());
    }

    private void assertServed(RecipientStatus status, Mailboxes.Entry copy) {
        assertThat(status.state()).isEqualTo(RecipientState.DELIVERED);
        assertThat(status.attempts()).isEqualTo(1);
        assertThat(status.due()).isNull();
        assertThat(status.transport()).isEqualTo("own");
        assertThat(status.reply())
                .isEqualTo(new Reply("2.0.0", "filed in mailbox " + copy.mailbox() + " as " + copy.id()));
    }

    /** A message whose recipients are all served is finished at once: it is filed, and never in the queue. */
    @Test
    default void finishesWhatItHasServed() throws Exception {
        Served served = serve(to("LOCAL:ann"), TEXT, part(false, copy("ann", 0)));
        assertThat(served.status().complete()).isTrue();
        assertThat(served.copies()).hasSize(1);
        assertFinished(served);
        kit().reopenIfDurable();
        assertFinished(served);
        assertThat(kit().store().folders().mailboxes()).containsExactly("ann");
        assertThat(kit().store().folders().list("ann", Mailboxes.INBOX, -1, 10)).isEqualTo(served.copies());
    }

    private void assertFinished(Served served) throws Exception {
        Message message = kit().find(served.status().id());
        assertThat(message.status()).isEqualTo(served.status());
        assertThat(message.complete()).isTrue();
        assertThat(message.size()).isEqualTo(TEXT.length());
        assertThat(message.content().size()).isZero();
        assertServed(message.recipients().get(0), served.copies().get(0));
        assertThat(kit().store().status().messages()).isZero();
        assertThat(kit().store().status().recipients()).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
        assertThat(kit().claim(10)).isEmpty();
        assertThat(filed(served.copies().get(0))).isEqualTo(TEXT);
    }

    /** An entry says the same as one that came in, and has an id and a sequence of its own. */
    @Test
    default void filesCopiesLikeArrivals() throws Exception {
        Mailboxes.Entry before = kit().file("Ann", Mailboxes.INBOX);
        Served served = serve(to("LOCAL:ann"), TEXT, part(false, copy("ann", 0)));
        Mailboxes.Entry entry = served.copies().get(0);
        assertThat(entry)
                .isEqualTo(new Mailboxes.Entry(
                        entry.id(),
                        "Ann",
                        Mailboxes.INBOX,
                        "IPM.Note",
                        Address.smtp("sender@example.org"),
                        kit().now(),
                        TEXT.length(),
                        Set.of("\\Recent"),
                        entry.sequence()));
        assertThat(entry.id()).isNotEqualTo(served.status().id());
        assertThat(entry.sequence()).isGreaterThan(before.sequence());
        assertThat(kit().store().folders().entry(entry.id())).contains(entry);
    }

    /** Recipients who share a mailbox share a copy; other mailboxes have their own, also of a large content. */
    @Test
    default void makesOneCopyForEachPlacement() throws Exception {
        for (String text : List.of(TEXT, LARGE)) {
            Served served = serve(
                    to("LOCAL:ann", "LOCAL:bob", "SMTP:ann@spooler.local"),
                    text,
                    part(false, copy("ann", 0, 2), copy("bob", 1)));
            assertThat(served.copies()).extracting(Mailboxes.Entry::mailbox).containsExactly("ann", "bob");
            List<RecipientStatus> ledger = served.status().recipients();
            assertServed(ledger.get(0), served.copies().get(0));
            assertServed(ledger.get(1), served.copies().get(1));
            assertServed(ledger.get(2), served.copies().get(0));
            kit().reopenIfDurable();
            assertThat(filed(served.copies().get(0))).isEqualTo(text);
            assertThat(kit().store().folders().delete(served.copies().get(0).id()))
                    .isTrue();
            kit().reopenIfDurable();
            assertThat(filed(served.copies().get(1))).as("the other one stays").isEqualTo(text);
        }
    }

    /** Who is not served is in the queue as if the others had been served before, with the content of his own. */
    @Test
    default void queuesTheRest() throws Exception {
        for (String text : List.of(TEXT, LARGE)) {
            Served served =
                    serve(to("bob@example.org", "LOCAL:ann", "eve@example.org"), text, part(false, copy("ann", 1)));
            SpoolId id = served.status().id();
            assertThat(served.status().complete()).isFalse();
            assertThat(kit().states(id))
                    .containsExactly(RecipientState.READY, RecipientState.DELIVERED, RecipientState.READY);
            kit().reopenIfDurable();
            assertThat(kit().store().status().messages()).isEqualTo(1);
            Claim claim = kit().claimOne();
            assertThat(claim.message().status()).isEqualTo(served.status());
            assertThat(claim.message().prepared()).isTrue();
            assertThat(claim.due()).containsExactly(0, 2);
            assertThat(text(claim.message().content())).isEqualTo(text);
            kit().complete(claim);
            assertThat(filed(served.copies().get(0))).as("it has its own").isEqualTo(text);
            kit().reopenIfDurable();
            assertThat(filed(served.copies().get(0))).isEqualTo(text);
            assertThat(kit().find(id).complete()).isTrue();
        }
    }

    /** If completion is asked for the message is due for it at once, whole, and not prepared. */
    @Test
    default void handsOverForCompletion() throws Exception {
        Served served = serve(to("LOCAL:ann"), TEXT, part(true, copy("ann", 0)));
        assertThat(served.status().complete()).isFalse();
        assertThat(kit().store().nextDue().orElseThrow()).isBeforeOrEqualTo(kit().now());
        kit().reopenIfDurable();
        Claim claim = kit().claimOne();
        assertThat(claim.due()).isEmpty();
        assertThat(claim.message().isFinal()).isTrue();
        assertThat(claim.message().prepared()).isFalse();
        assertThat(text(claim.message().content())).isEqualTo(TEXT);
        kit().settle(claim, new Settlement(null, List.of(), true));
        assertThat(kit().find(served.status().id()).complete()).isTrue();
        assertThat(filed(served.copies().get(0))).isEqualTo(TEXT);
    }

    /** The same key is the same message, whichever way it comes, and nothing is filed twice. */
    @Test
    default void knowsWhatItHasServedByItsKey() throws Exception {
        Envelope envelope = to("LOCAL:ann").with(Envelope.Options.DEFAULT.withIdempotencyKey("once"));
        Served served = serve(envelope, LARGE, part(false, copy("ann", 0)));
        kit().reopenIfDurable();
        try (Serving again = coupled().begin(envelope, part(false, copy("ann", 0)))) {
            write(again, LARGE);
            assertThat(StoreKit.get(again.commit())).isEqualTo(served.status().id());
            assertThat(again.served()).isEmpty();
        }
        assertThat(kit().submit(envelope, LARGE)).isEqualTo(served.status().id());
        assertThat(kit().store().folders().list("ann", Mailboxes.INBOX, -1, 10)).isEqualTo(served.copies());
        assertThat(filed(served.copies().get(0))).isEqualTo(LARGE);
        assertThat(kit().claim(10)).isEmpty();
    }

    /** An empty content is a content. */
    @Test
    default void servesAnEmptyContent() throws Exception {
        Served served = serve(to("LOCAL:ann"), "", part(false, copy("ann", 0)));
        kit().reopenIfDurable();
        assertThat(filed(served.copies().get(0))).isEmpty();
        assertThat(kit().find(served.status().id()).complete()).isTrue();
    }

    /** Nothing happens before the commit, and nothing without it. */
    @Test
    default void servesNothingWithoutACommit() throws Exception {
        try (Serving draft = coupled().begin(to("LOCAL:ann"), part(false, copy("ann", 0)))) {
            write(draft, LARGE);
        }
        kit().reopenIfDurable();
        assertThat(kit().store().folders().mailboxes()).isEmpty();
        assertThat(kit().claim(10)).isEmpty();
    }

    /** What makes no sense, or is refused to everybody, is refused. */
    @Test
    default void refusesAPartThatMakesNoSense() throws Exception {
        CoupledStore store = coupled();
        Envelope one = to("LOCAL:ann");
        assertThatThrownBy(() -> store.begin(one, part(false, copy("ann", 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.begin(one, part(false, copy("ann", 0), copy("bob", 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> part(false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.begin(to(), part(false, copy("ann", 0))))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NO_RECIPIENTS));
    }

    /** As many copies as are allowed, each whole. */
    @Test
    default void makesManyCopies() throws Exception {
        String[] recipients = new String[OwnPart.MOST];
        Arrays.setAll(recipients, i -> "LOCAL:user" + i);
        Placement[] copies = new Placement[OwnPart.MOST];
        Arrays.setAll(copies, i -> copy("user" + i, i));
        String text = "0123456789".repeat(4000);
        Served served = serve(to(recipients), text, part(false, copies));
        kit().reopenIfDurable();
        for (Mailboxes.Entry copy : served.copies()) {
            assertThat(filed(copy)).isEqualTo(text);
        }
    }
}
