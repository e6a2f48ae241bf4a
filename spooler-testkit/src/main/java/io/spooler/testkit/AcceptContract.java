package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.get;
import static io.spooler.testkit.StoreKit.text;
import static io.spooler.testkit.StoreKit.to;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.SentCopy;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The way in: begin, write, commit or close; what is found afterwards. Part of {@link MessageStoreContract}. */
public interface AcceptContract {

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    /** A message appears with its commit and not before. */
    @Test
    default void isVisibleOnlyAfterCommit() throws Exception {
        Draft draft = kit().store().begin(to("ann@example.org"));
        write(draft, StoreKit.TEXT);
        assertThat(kit().store().find(draft.id())).isEmpty();
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
        assertThat(get(draft.commit())).isEqualTo(draft.id());
        Message message = kit().find(draft.id());
        assertThat(text(message.content())).isEqualTo(StoreKit.TEXT);
        assertThat(kit().claim(10)).hasSize(1);
    }

    /** A closed draft never happened. */
    @Test
    default void leavesNothingOfAnAbandonedDraft() throws Exception {
        SpoolId id;
        try (Draft draft = kit().store().begin(to("ann@example.org"))) {
            write(draft, StoreKit.TEXT);
            id = draft.id();
        }
        assertThat(kit().store().find(id)).isEmpty();
        assertThat(kit().store().query(QueueFilter.ALL, null, 10)).isEmpty();
        assertThat(kit().store().status().messages()).isZero();
        assertThat(kit().store().nextDue()).isEmpty();
    }

    /** Closing after the commit, once or twice, changes nothing. */
    @Test
    default void closingAfterCommitHasNoEffect() throws Exception {
        Draft draft = kit().store().begin(to("ann@example.org"));
        write(draft, "x");
        CompletionStage<SpoolId> commit = draft.commit();
        draft.close();
        draft.close();
        assertThat(kit().find(get(commit)).accepted().size()).isEqualTo(1);
    }

    /** R6. */
    @Test
    default void refusesAMessageWithoutRecipients() {
        assertThatThrownBy(() -> kit().store().begin(to()))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NO_RECIPIENTS));
    }

    /** All that the sender asked for comes back as it was. */
    @Test
    default void keepsTheEnvelope() throws Exception {
        Recipient ann = new Recipient(
                Address.smtp("änn@example.org"),
                Set.of(Recipient.Notify.FAILURE, Recipient.Notify.DELAY),
                "rfc822;old@example.org",
                "smtp-a");
        Recipient bob = new Recipient(Address.parse("LOCAL:bob"), Set.of(Recipient.Notify.NEVER), null, null);
        Instant later = kit().now().plusNanos(123_456_789);
        Envelope.Options options = new Envelope.Options(
                later,
                later.plusSeconds(60),
                "key 1",
                Envelope.Return.HEADERS,
                "env\u20acid",
                true,
                Envelope.Priority.NON_URGENT,
                new SentCopy("Ann", "Sent \u20ac", false),
                Address.parse("LOCAL:secretary"));
        Envelope envelope = new Envelope(null, List.of(ann, bob), options);
        SpoolId id = kit().submit(envelope, StoreKit.TEXT);
        Message message = kit().find(id);
        assertThat(message.envelope()).isEqualTo(envelope);
        assertThat(message.submitted()).isEqualTo(kit().now());
        assertThat(message.prepared()).isFalse();
        assertThat(message.complete()).isFalse();
        assertThat(message.crashes()).isZero();
        assertThat(message.recipients()).allSatisfy(r -> {
            assertThat(r.state()).isEqualTo(RecipientState.READY);
            assertThat(r.attempts()).isZero();
            assertThat(r.due()).isEqualTo(later);
        });
    }

    /** Durable means durable. */
    @Test
    default void keepsEverythingOverAReopening() throws Exception {
        SpoolId ann = kit().submit("ann@example.org");
        SpoolId bob = kit().submit(to("bob@example.org", "LOCAL:cleo"), "Second\r\n");
        Message before = kit().find(bob);
        kit().reopen();
        Message after = kit().find(bob);
        assertThat(after.envelope()).isEqualTo(before.envelope());
        assertThat(after.recipients()).isEqualTo(before.recipients());
        assertThat(after.submitted()).isEqualTo(before.submitted());
        assertThat(text(after.content())).isEqualTo("Second\r\n");
        assertThat(kit().store().status().messages()).isEqualTo(2);
        assertThat(kit().claimedIds()).containsExactly(ann, bob);
    }

    /** R46. */
    @Test
    default void isNotDueBeforeItsTime() throws Exception {
        Instant start = kit().now().plusSeconds(60);
        SpoolId id =
                kit().submit(to("ann@example.org").with(Envelope.Options.DEFAULT.withNotBefore(start)), StoreKit.TEXT);
        assertThat(kit().store().nextDue()).contains(start);
        assertThat(kit().claim(10)).isEmpty();
        kit().clock().advance(Duration.ofMillis(59_999));
        assertThat(kit().claim(10)).isEmpty();
        kit().clock().set(start);
        assertThat(kit().claimOne().message().id()).isEqualTo(id);
    }

    /** A notBefore in the past is no reason to go first. */
    @Test
    default void isDueAtItsSubmissionIfNotBeforeIsPast() throws Exception {
        SpoolId id = kit().submit(
                        to("ann@example.org")
                                .with(Envelope.Options.DEFAULT.withNotBefore(
                                        kit().now().minusSeconds(60))),
                        StoreKit.TEXT);
        assertThat(kit().store().nextDue()).contains(kit().now());
        assertThat(kit().find(id).recipients().get(0).due()).isEqualTo(kit().now());
    }

    /** The same key is the same message, also while the first is on its way and after a restart. */
    @Test
    default void takesAnIdempotencyKeyOnce() throws Exception {
        Envelope envelope = to("ann@example.org").with(Envelope.Options.DEFAULT.withIdempotencyKey("k"));
        Draft first = kit().store().begin(envelope);
        Draft second = kit().store().begin(envelope);
        write(first, "first");
        write(second, "second");
        CompletionStage<SpoolId> one = first.commit();
        CompletionStage<SpoolId> two = second.commit();
        assertThat(get(one)).isEqualTo(first.id());
        assertThat(get(two)).isEqualTo(first.id());
        assertThat(kit().store().status().messages()).isEqualTo(1);
        assertThat(kit().store().find(second.id())).isEmpty();
        kit().complete(kit().claimOne());
        assertThat(kit().submit(envelope, "third")).isEqualTo(first.id());
        kit().reopen();
        assertThat(kit().submit(envelope, "fourth")).isEqualTo(first.id());
    }

    /** Ids sort by submission, even within a millisecond. */
    @Test
    default void givesGrowingIds() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add(kit().submit("ann@example.org"));
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        kit().reopen();
        assertThat(kit().submit("ann@example.org")).isGreaterThan(ids.get(49));
    }

    /** Two messages with the same content are two messages; one going away leaves the other whole. */
    @Test
    default void keepsTwoWritersOfTheSameContentApart() throws Exception {
        String large = "0123456789abcdef".repeat(20_000);
        Draft first = kit().store().begin(to("ann@example.org"));
        Draft second = kit().store().begin(to("bob@example.org"));
        for (int i = 0; i < large.length(); i += 1000) {
            write(first, large.substring(i, i + 1000));
            write(second, large.substring(i, i + 1000));
        }
        get(first.commit());
        get(second.commit());
        List<Claim> claims = kit().claim(10);
        kit().complete(claims.get(0));
        assertThat(text(claims.get(1).message().content())).isEqualTo(large);
    }

    /** Reads at any position, with any room. */
    @Test
    default void readsAtPositions() throws Exception {
        Content content =
                kit().find(kit().submit(to("ann@example.org"), "0123456789")).content();
        assertThat(content.size()).isEqualTo(10);
        ByteBuffer four = ByteBuffer.allocate(4);
        assertThat(content.read(3, four)).isBetween(1, 4);
        assertThat((char) four.get(0)).isEqualTo('3');
        assertThat(content.read(9, four.clear())).isEqualTo(1);
        assertThat((char) four.get(0)).isEqualTo('9');
        assertThat(content.read(10, four.clear())).isEqualTo(-1);
        assertThat(content.read(1_000_000, four.clear())).isEqualTo(-1);
        ByteBuffer inside = ByteBuffer.allocate(8).position(2).limit(5);
        assertThat(content.read(0, inside)).isBetween(1, 3);
        assertThat(inside.get(1)).isZero();
        assertThat((char) inside.get(2)).isEqualTo('0');
        assertThat(inside.array()[5]).isZero();
    }

    /** Nothing in it is also a content. */
    @Test
    default void takesAnEmptyContent() throws Exception {
        Draft draft = kit().store().begin(to("ann@example.org"));
        SpoolId id = get(draft.commit());
        kit().reopen();
        assertThat(kit().find(id).content().size()).isZero();
        assertThat(kit().find(id).content().read(0, ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    /** Any octet, in any length, around every threshold a store may have. */
    @Test
    default void keepsAnyOctets() throws Exception {
        Random random = new Random(7);
        for (int size : new int[] {1, 511, 4096, 65_535, 65_536, 65_537, 131_072, 131_073, 1_048_577}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Draft draft = kit().store().begin(to("ann@example.org"));
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                int piece = Math.min(source.remaining(), 1 + random.nextInt(40_000));
                draft.write(source.slice(source.position(), piece));
                source.position(source.position() + piece);
            }
            assertThat(draft.size()).isEqualTo(size);
            SpoolId id = get(draft.commit());
            assertThat(kit().find(id).content().open().readAllBytes()).isEqualTo(bytes);
        }
    }

    /** What the caller does with its buffer afterwards is no concern of the store. */
    @Test
    default void copiesWhatIsWritten() throws Exception {
        Draft draft = kit().store().begin(to("ann@example.org"));
        byte[] bytes = {'a', 'b', 'c'};
        ByteBuffer source = ByteBuffer.wrap(bytes);
        draft.write(source);
        assertThat(source.hasRemaining()).isFalse();
        bytes[0] = 'x';
        assertThat(text(kit().find(get(draft.commit())).content())).isEqualTo("abc");
    }

    /** 20 MB go through in pieces and come back in pieces. */
    @Test
    default void streamsALargeContent() throws Exception {
        byte[] piece = new byte[8192];
        new Random(3).nextBytes(piece);
        int pieces = 20 * 1024 * 1024 / piece.length;
        Draft draft = kit().store().begin(to("ann@example.org"));
        for (int i = 0; i < pieces; i++) {
            draft.write(ByteBuffer.wrap(piece));
        }
        get(draft.commit());
        Content content = kit().claimOne().message().content();
        assertThat(content.size()).isEqualTo((long) pieces * piece.length);
        try (InputStream in = content.open()) {
            for (int i = 0; i < pieces; i++) {
                assertThat(in.readNBytes(piece.length)).isEqualTo(piece);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** Nothing goes into a draft once it is committed. */
    @Test
    default void refusesToWriteAfterCommit() throws Exception {
        Draft draft = kit().store().begin(to("ann@example.org"));
        get(draft.commit());
        assertThatThrownBy(() -> write(draft, "late")).isInstanceOf(IOException.class);
    }

    /** A thousand recipients are one message. */
    @Test
    default void takesAThousandRecipients() throws Exception {
        String[] many = new String[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "user" + i + "@example" + i % 10 + ".org";
        }
        SpoolId id = kit().submit(many);
        kit().reopen();
        Claim claim = kit().claimOne();
        assertThat(claim.message().id()).isEqualTo(id);
        assertThat(claim.due()).hasSize(1000);
        assertThat(claim.message().recipients().get(999).recipient().address())
                .isEqualTo(Address.parse("user999@example9.org"));
    }
}
