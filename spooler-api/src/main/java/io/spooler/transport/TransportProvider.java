package io.spooler.transport;

import io.spooler.Address;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
     * How the transport is, at present (R65). Does not connect, does not block.
     *
     * @return a snapshot
     */
    TransportStatus status();

    /**
     * Checks whether the messaging system can be reached (R67). Does not block; does not wait for traffic in progress.
     *
     * @return completes with the state found; by default {@link #status()}
     */
    default CompletionStage<TransportStatus> validate() {
        return CompletableFuture.completedFuture(status());
    }

    /**
     * Begin-inbound: from now on messages may be brought in (R51). Called at most once before {@link #closeInbound()}; again
     * after it when an administrator ends a suspension.
     *
     * @param inlet takes what comes in
     */
    default void openInbound(Inlet inlet) {}

    /** End-inbound: the reception in progress may end, no other begins. */
    default void closeInbound() {}
}
