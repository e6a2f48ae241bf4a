package io.spooler.core.client;

import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.SpoolException;
import io.spooler.core.prepare.Preparer;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.route.Router;
import io.spooler.store.Folders;
import io.spooler.store.OwnPart;
import io.spooler.store.OwnPart.Placement;
import io.spooler.transport.Inlet;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whom a store serves by itself (R1): those whose route begins with the store's own transport, if that is well and
 * says where their copies go; nobody, if any hook would see the message on its way out or in (R56). Reads one snapshot,
 * keeps nothing. Any thread.
 *
 * @param snapshot what is present
 * @param doors knows the folders of what comes in
 * @param suspended tells of a transport and a lane whether an administrator lets nothing go there
 */
record Coupling(Snapshot snapshot, Doors doors, BiPredicate<String, String> suspended) {

    private static final Logger LOG = LoggerFactory.getLogger(Coupling.class);

    /**
     * Decides.
     *
     * @param own name of the store's own transport; empty for none
     * @param envelope of the message, without duplicates
     * @param now the present time
     * @return the store's own part; empty if it serves nobody
     */
    Optional<OwnPart> part(String own, Envelope envelope, Instant now) {
        if (own.isEmpty() || !isForNow(envelope.options(), now) || meetsHooks(envelope)) {
            return Optional.empty();
        }
        for (TransportEntry entry : snapshot.transports()) {
            if (entry.name().equals(own)) {
                return isWell(entry) ? part(envelope, entry) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isForNow(Envelope.Options options, Instant now) {
        Instant notBefore = options.notBefore();
        Instant expires = options.expires();
        return (notBefore == null || !notBefore.isAfter(now)) && (expires == null || expires.isAfter(now));
    }

    private boolean meetsHooks(Envelope envelope) {
        return !snapshot.postProcessors().isEmpty() || Preparer.isWanted(envelope.recipients(), snapshot);
    }

    private static boolean isWell(TransportEntry transport) {
        try {
            // One that refuses by size must see the message: its size is not known yet.
            return transport.maxSize() == Long.MAX_VALUE
                    && transport.provider().status().condition() == Condition.AVAILABLE;
        } catch (RuntimeException | LinkageError e) {
            return failed(transport, e);
        }
    }

    private static boolean failed(TransportEntry transport, Throwable error) {
        LOG.debug("transport {} failed to say whom its store may serve; the spooler does", transport.name(), error);
        return false;
    }

    private Optional<OwnPart> part(Envelope envelope, TransportEntry transport) {
        List<Optional<Folders.Filing>> places = envelope.recipients().stream()
                .map(recipient -> place(recipient, envelope, transport))
                .toList();
        boolean all = places.stream().allMatch(Optional::isPresent);
        // Recipients who share a mailbox share a copy; the store compares names without case.
        Map<String, List<Integer>> copies = new LinkedHashMap<>();
        boolean completion =
                envelope.options().sent() != null || !snapshot.outboundHooks().isEmpty();
        for (int i = 0; i < places.size(); i++) {
            boolean told = envelope.recipients().get(i).wants(Notify.SUCCESS)
                    && (envelope.sender() != null || envelope.options().reportTo() != null);
            if (places.get(i).isPresent() && (all || !told)) {
                String mailbox = places.get(i).get().mailbox().toLowerCase(Locale.ROOT);
                copies.computeIfAbsent(mailbox, key -> new ArrayList<>(1)).add(i);
                completion |= told;
            }
        }
        if (copies.isEmpty() || copies.size() > OwnPart.MOST) {
            return Optional.empty();
        }
        List<Placement> placements = copies.values().stream()
                .map(numbers ->
                        new Placement(numbers, places.get(numbers.get(0)).orElseThrow()))
                .toList();
        return Optional.of(new OwnPart(transport.name(), placements, completion));
    }

    /** Where the copy of a recipient goes; empty if the spooler is to see to it. */
    private Optional<Folders.Filing> place(Recipient recipient, Envelope envelope, TransportEntry transport) {
        List<Router.Hop> route = Router.route(recipient, snapshot);
        if (route.isEmpty() || route.get(0).transport().id() != transport.id()) {
            return Optional.empty();
        }
        try {
            String lane = transport.provider().lane(recipient.address());
            Optional<String> mailbox = transport.provider().mailbox(recipient.address());
            if (mailbox.isEmpty() || suspended.test(transport.name(), lane)) {
                return Optional.empty();
            }
            return Optional.of(doors.filing(
                    new Inlet.Arrival(transport.name(), mailbox.get(), envelope.sender(), Inlet.Arrival.NOTE)));
        } catch (SpoolException | RuntimeException | LinkageError e) {
            failed(transport, e);
            return Optional.empty();
        }
    }
}
