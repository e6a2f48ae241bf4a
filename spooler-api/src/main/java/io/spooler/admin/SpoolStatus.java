package io.spooler.admin;

import io.spooler.store.StoreStatus;
import io.spooler.transport.TransportStatus;
import java.util.List;
import java.util.Map;

/**
 * How the whole is (R65).
 *
 * @param stores one row per store, the default one first
 * @param transports one row per transport, in route order
 * @param hooks one row per hook, in the order in which they run
 * @param active recipients that the core works on at this moment
 * @param waiting for each address type without a transport, how many recipients wait for it; others that no transport
 *     claims are counted under their type, too
 * @param suspended to what nothing goes, by order of an administrator
 */
public record SpoolStatus(
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
     * @param status how it is
     * @param inFlight consignments it works on
     */
    public record TransportRow(
            String name,
            List<String> types,
            List<String> patterns,
            int ranking,
            TransportStatus status,
            int inFlight) {}

    /**
     * A hook.
     *
     * @param name its name
     * @param direction {@code out}, {@code sent} (behind the last transport) or {@code in}
     * @param ranking its service ranking
     */
    public record HookRow(String name, String direction, int ranking) {}
}
