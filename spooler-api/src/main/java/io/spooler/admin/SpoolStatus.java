package io.spooler.admin;

import io.spooler.store.StoreStatus;
import io.spooler.transport.TransportProvider.Operation;
import io.spooler.transport.TransportStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the whole is (R65).
 *
 * @param spooler the spooler itself
 * @param stores one row per store, the default one first
 * @param transports one row per transport, in route order
 * @param hooks one row per hook, in the order in which they run
 * @param active recipients that the core works on at this moment
 * @param waiting for each address type without a transport, how many recipients wait for it; others that no transport
 *     claims are counted under their type, too
 * @param suspended to what nothing goes, by order of an administrator
 */
public record SpoolStatus(
        SpoolerRow spooler,
        List<StoreRow> stores,
        List<TransportRow> transports,
        List<HookRow> hooks,
        int active,
        Map<String, Long> waiting,
        List<SpoolAdmin.Target> suspended) {

    /** Copies. */
    public SpoolStatus {
        stores = List.copyOf(stores);
        transports = List.copyOf(transports);
        hooks = List.copyOf(hooks);
        waiting = Map.copyOf(waiting);
        suspended = List.copyOf(suspended);
    }

    /**
     * The spooler itself.
     *
     * @param status AVAILABLE while it delivers, OFFLINE while it is closed by order, FAILED without a store
     * @param operations what can be ordered of the whole
     * @param inFlight consignments under way
     */
    public record SpoolerRow(TransportStatus status, Set<Operation> operations, int inFlight) {

        /** Copies. */
        public SpoolerRow {
            operations = Set.copyOf(operations);
        }
    }

    /**
     * A store.
     *
     * @param name its name
     * @param status how it is
     */
    public record StoreRow(String name, StoreStatus status) {}

    /**
     * A transport.
     *
     * @param name its name
     * @param types address types it carries whole
     * @param patterns address patterns it carries
     * @param ranking its service ranking
     * @param status how it says it is; or what a check has found that was ordered since
     * @param inFlight consignments it works on
     * @param operations what it does, and what can be ordered of it
     * @param lastSuccess when it last reached a destination, or passed a check; null if it never did
     * @param lastError when it last did not, and why; null if it always did
     */
    public record TransportRow(
            String name,
            List<String> types,
            List<String> patterns,
            int ranking,
            TransportStatus status,
            int inFlight,
            Set<Operation> operations,
            @Nullable Instant lastSuccess,
            @Nullable Failure lastError) {

        /** Copies. */
        public TransportRow {
            operations = Set.copyOf(operations);
        }
    }

    /**
     * Something did not succeed.
     *
     * @param time when
     * @param text why, harmless
     */
    public record Failure(Instant time, String text) {}

    /**
     * A hook.
     *
     * @param name its name
     * @param direction {@code out}, {@code sent} (behind the last transport) or {@code in}
     * @param ranking its service ranking
     */
    public record HookRow(String name, String direction, int ranking) {}
}
