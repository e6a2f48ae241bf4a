package io.spooler.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSink;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes.Entry;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One store under test, with its clock and the few verbs that the contract is written in. Opens the store when it is
 * first asked for. One thread at a time.
 */
public final class StoreKit implements AutoCloseable {

    /** A lease that no test outlives by chance. */
    public static final Duration LEASE = Duration.ofMinutes(10);

    /** What {@link #submit} writes. */
    public static final String TEXT = "Subject: test\r\n\r\nHello.\r\n";

    private static final int PATIENCE_SECONDS = 20;

    /** Makes the store; called again for the same data after it was closed, if the store is durable. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens.
         *
         * @param clock the time of the store
         * @return a running store
         * @throws Exception if it cannot be opened: the test fails
         */
        MessageStore open(Clock clock) throws Exception;
    }

    /** Ends the store as its component's deactivation does. */
    @FunctionalInterface
    public interface Closer {
        /**
         * Closes.
         *
         * @param store what the opener made
         * @throws Exception if it cannot be closed: the test fails
         */
        void close(MessageStore store) throws Exception;
    }

    private final ManualClock clock = new ManualClock();
    private final Opener opener;
    private final @Nullable Closer closer;
    private @Nullable MessageStore store;

    private StoreKit(Opener opener, @Nullable Closer closer) {
        this.opener = opener;
        this.closer = closer;
    }

    /**
     * A kit for a store that forgets.
     *
     * @param opener makes an empty store
     * @return the kit
     */
    public static StoreKit of(Opener opener) {
        return new StoreKit(opener, null);
    }

    /**
     * A kit for a store that keeps its data when it is closed.
     *
     * @param opener opens the store; empty the first time
     * @param closer ends it
     * @return the kit
     */
    public static StoreKit durable(Opener opener, Closer closer) {
        return new StoreKit(opener, closer);
    }

    /**
     * The time of the store.
     *
     * @return the same object always
     */
    public ManualClock clock() {
        return clock;
    }

    /**
     * The present time of the store.
     *
     * @return by the clock
     */
    public Instant now() {
        return clock.instant();
    }

    /**
     * The store.
     *
     * @return open
     */
    public MessageStore store() {
        MessageStore present = store;
        if (present == null) {
            try {
                present = opener.open(clock);
            } catch (Exception e) {
                throw new AssertionError("the store does not open", e);
            }
            store = present;
        }
        return present;
    }

    /** Closes the store and opens it again; a test of a store that forgets is skipped here. */
    public void reopen() {
        assumeTrue(closer != null, "the store is not durable");
        store();
        close();
        store();
    }

    /** Closes the store and opens it again if it is durable: what follows must be true either way. */
    public void reopenIfDurable() {
        if (closer != null) {
            reopen();
        }
    }

    @Override
    public void close() {
        MessageStore present = store;
        store = null;
        if (present != null && closer != null) {
            try {
                closer.close(present);
            } catch (Exception e) {
                throw new AssertionError("the store does not close", e);
            }
        }
    }

    /**
     * An envelope.
     *
     * @param recipients as for {@link Address#parse}
     * @return from {@code sender@example.org} to these
     */
    public static Envelope to(String... recipients) {
        return Envelope.of(
                Address.smtp("sender@example.org"),
                Arrays.stream(recipients).map(Address::parse).toList());
    }

    /**
     * Submits {@link #TEXT}.
     *
     * @param recipients as for {@link Address#parse}
     * @return the id, once durable
     * @throws Exception if it was refused
     */
    public SpoolId submit(String... recipients) throws Exception {
        return submit(to(recipients), TEXT);
    }

    /**
     * Submits a message.
     *
     * @param envelope to whom
     * @param text its content
     * @return the id, once durable
     * @throws Exception if it was refused
     */
    public SpoolId submit(Envelope envelope, String text) throws Exception {
        try (Draft draft = store().begin(envelope)) {
            write(draft, text);
            return get(draft.commit());
        }
    }

    /**
     * Writes text.
     *
     * @param sink to a draft
     * @param text what
     * @throws IOException if it was refused
     */
    public static void write(ContentSink sink, String text) throws IOException {
        sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Files {@link #TEXT}.
     *
     * @param mailbox whose
     * @param folder where
     * @return the entry, once durable
     * @throws Exception if it was refused
     */
    public Entry file(String mailbox, String folder) throws Exception {
        try (Folders.Incoming incoming = store().folders().receive()) {
            write(incoming, TEXT);
            return get(incoming.file(new Folders.Filing(mailbox, folder, "mail", null, Set.of())));
        }
    }

    /**
     * Claims what is due now.
     *
     * @param recipients limit
     * @return claims
     */
    public List<Claim> claim(int recipients) {
        return store().claim(recipients, now(), LEASE);
    }

    /**
     * Claims the only message that is due.
     *
     * @return its claim
     */
    public Claim claimOne() {
        List<Claim> claims = claim(Integer.MAX_VALUE);
        assertThat(claims).as("messages due").hasSize(1);
        return claims.get(0);
    }

    /**
     * Ids of the messages that are due, which are claimed by this.
     *
     * @return in the order in which they were lent
     */
    public List<SpoolId> claimedIds() {
        return claim(Integer.MAX_VALUE).stream().map(c -> c.message().id()).toList();
    }

    /**
     * Settles and waits.
     *
     * @param claim under which
     * @param settlement what
     * @throws Exception if it was refused
     */
    public void settle(Claim claim, Settlement settlement) throws Exception {
        get(store().settle(claim, settlement));
    }

    /**
     * Gives all lent recipients a state and waits.
     *
     * @param claim under which
     * @param state which
     * @param due when it ends by itself, or null
     * @throws Exception if it was refused
     */
    public void settle(Claim claim, RecipientState state, @Nullable Instant due) throws Exception {
        settle(
                claim,
                Settlement.of(claim.due().stream().map(i -> to(i, state, due)).toList()));
    }

    /**
     * Completes a claimed message: every recipient that is not final is DELIVERED.
     *
     * @param claim under which
     * @throws Exception if it was refused
     */
    public void complete(Claim claim) throws Exception {
        List<RecipientStatus> all = find(claim.message().id()).recipients();
        List<Transition> transitions = IntStream.range(0, all.size())
                .filter(i -> !all.get(i).state().isFinal())
                .mapToObj(i -> to(i, RecipientState.DELIVERED, null))
                .toList();
        settle(claim, new Settlement(null, transitions, true));
    }

    /**
     * A transition after an attempt.
     *
     * @param recipient its number
     * @param state the new state
     * @param due when it ends by itself, or null
     * @return with a transport and a reply
     */
    public static Transition to(int recipient, RecipientState state, @Nullable Instant due) {
        return new Transition(recipient, state, true, due, "test", new Reply("2.0.0", "said by a test"));
    }

    /**
     * A message that must be there.
     *
     * @param id its id
     * @return its record
     */
    public Message find(SpoolId id) {
        return store().find(id).orElseThrow(() -> new AssertionError("not found: " + id));
    }

    /**
     * States of the recipients of a message.
     *
     * @param id its id
     * @return in order
     */
    public List<RecipientState> states(SpoolId id) {
        return find(id).recipients().stream().map(RecipientStatus::state).toList();
    }

    /**
     * Reads a content whole.
     *
     * @param content readable
     * @return as text
     * @throws IOException if it cannot be read
     */
    public static String text(Content content) throws IOException {
        return new String(content.open().readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Waits for a stage.
     *
     * @param <T> of the result
     * @param stage that must complete
     * @return its result
     * @throws Exception what it completed with
     */
    public static <T> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the stage did not complete in " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * Waits for a stage that must be refused.
     *
     * @param stage fails
     * @param reasons with one of these
     */
    public static void refused(CompletionStage<?> stage, SpoolException.Reason... reasons) {
        assertThatThrownBy(() -> get(stage))
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isIn((Object[]) reasons));
    }
}
