package io.spooler.transport;

import io.spooler.Address;
import io.spooler.SpoolId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries recipients to one messaging system, brings messages from it, or both. Register as a service with the
 * properties named here; the core finds it, at any time, and lets it go at any time. For a provider that blocks, see
 * {@link BlockingTransport}.
 *
 * <p>A recipient may be carried if its type is in {@link #TYPES} or its address matches one of {@link #PATTERNS}. A
 * transport with neither takes no recipients: it only brings messages in. Changed service properties take effect at
 * once (R36).
 *
 * <p>The methods are called on threads of the core and must return promptly. What they throw counts as a temporary
 * failure of the transport.
 */
@ConsumerType
public interface TransportProvider {

    /** Service property, String, required: the name, unique among the transports present. */
    String NAME = "spooler.transport.name";

    /** Service property, String or String[]: address types of which every address is carried; {@code *} for any. */
    String TYPES = "spooler.address.types";

    /** Service property, String or String[]: {@code TYPE:glob} patterns of addresses that are carried. */
    String PATTERNS = "spooler.address.patterns";

    /** Service property, Integer: how many consignments it takes at a time; default 1. */
    String CONCURRENCY = "spooler.transport.concurrency";

    /** Service property, Integer: how many receptions it has at a time (R51); default 1. */
    String INBOUND_CONCURRENCY = "spooler.inbound.concurrency";

    /** Service property, Long: the largest message it carries, in octets; default no limit. */
    String MAX_SIZE = "spooler.transport.max.size";

    /**
     * Carries one message to recipients of one lane. Must not block: the work is done on the provider's own threads.
     * Every consignment must be answered before its deadline, also when the provider stops; the core answers
     * for a provider that does not.
     *
     * @param consignment what to carry, and to whom
     * @return completes with one outcome per recipient of {@link Consignment#recipients()}, in its order; an
     *     exceptional completion counts as {@link Outcome.Deferred} for all, with scope TRANSPORT
     */
    CompletionStage<List<Outcome>> deliver(Consignment consignment);

    /**
     * The destination that an address belongs to: addresses with the same lane travel together, back off together and
     * do not wait for other lanes. Pure, quick.
     *
     * @param address one that this transport carries
     * @return the name of the lane; by default one lane for all
     */
    default String lane(Address address) {
        return "";
    }

    /**
     * Where a recipient's copy goes, if to carry it means no more than to file it: then a store that calls this transport
     * its own may do so itself ({@link io.spooler.store.CoupledStore}), and {@link #deliver} does not hear of it. Does
     * not block, any thread.
     *
     * @param address one that this transport carries
     * @return name of the mailbox; empty, as by default, if the transport is to carry it, or cannot say
     */
    default Optional<String> mailbox(Address address) {
        return Optional.empty();
    }

    /**
     * How the transport is, at present (R65). Does not connect, does not block.
     *
     * @return a snapshot
     */
    TransportStatus status();

    /** What a transport does, and what can be ordered of it. */
    enum Operation {
        /** Carries recipients; left out by the core if it names no addresses. */
        OUTBOUND,
        /** Brings messages in. */
        INBOUND,
        /** Can be asked to look whether its messaging system can be reached. */
        VALIDATE,
        /** Wants to hear of a flush; what it carries is flushed without, too. */
        FLUSH
    }

    /**
     * What it does, and what can be ordered of it (R65). Pure, quick.
     *
     * @return by default all but INBOUND
     */
    default Set<Operation> operations() {
        return EnumSet.of(Operation.OUTBOUND, Operation.VALIDATE, Operation.FLUSH);
    }

    /**
     * Checks whether the messaging system can be reached (R67). Does not block; does not wait for traffic in progress.
     * Called by order of an administrator and never otherwise, one check at a time.
     *
     * @return completes with the state found; by default {@link #status()}. AVAILABLE lets a transport be used again that
     *     has said it had failed
     */
    default CompletionStage<TransportStatus> validate() {
        return CompletableFuture.completedFuture(status());
    }

    /**
     * Tells an administrator what is said to the messaging system and by it, from now on. Secrets are blanked and content
     * is left out by the transport. A transport that leaves ends all traces.
     *
     * @param lane one of its lanes, or null for all
     * @param watcher takes the lines, on any thread; it does not block, nor throw
     * @return ends the trace, more than once without effect; empty if this transport cannot be watched
     */
    default Optional<Runnable> trace(@Nullable String lane, Consumer<TraceEntry> watcher) {
        return Optional.empty();
    }

    /**
     * A flush comes to the outgoing side (R66): what was deferred is offered from now on. A transport may do what helps, as
     * look for its messaging system once more. Does not block. Called only if {@link #operations()} has FLUSH.
     *
     * @return completes when it has nothing more to do for the flush besides what is offered; the core waits for that, but
     *     not for long. By default completed
     */
    default CompletionStage<?> flushOutbound() {
        return CompletableFuture.completedFuture(true);
    }

    /**
     * A flush comes to the incoming side (R66): a transport that fetches messages does so now. Does not block. Called only
     * if {@link #operations()} has INBOUND and FLUSH, and between begin- and end-inbound.
     *
     * @return completes when it has fetched what there is; the core waits for that, but not for long. By default completed
     */
    default CompletionStage<?> flushInbound() {
        return CompletableFuture.completedFuture(true);
    }

    /**
     * A message was cancelled of which this transport has deferred a recipient: it needs not be announced with
     * {@link Inlet#ready} any more (R44). What is under way is cancelled by {@link Consignment#onCancel} instead; when the
     * spooler ends, {@link #closeInbound()} says enough. By default nothing.
     *
     * @param message its id
     */
    default void abortDeferred(SpoolId message) {}

    /**
     * Begin-inbound: from now on messages may be brought in (R51). Called at most once before {@link #closeInbound()}, and
     * perhaps again behind it.
     *
     * @param inlet takes what comes in
     */
    default void openInbound(Inlet inlet) {}

    /** End-inbound: the reception in progress may end, no other begins. */
    default void closeInbound() {}
}
