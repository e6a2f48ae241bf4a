package io.spooler.core.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configured order of transports, and which of them are away. Remembers what left while its configuration exists, or
 * while the settings name it; nothing survives the process but the settings. Guarded by its {@link Registry}.
 */
final class Expected {

    private final Map<String, Away> left = new LinkedHashMap<>();
    private List<String> order = List.of();

    /** Those named go before those that are not (R30). */
    void order(List<String> names) {
        order = List.copyOf(names);
        left.replaceAll((name, away) -> away.named(order.contains(name)));
        left.values().removeIf(Away::isForgotten);
    }

    /** The configured order; ranking and age for those it does not name, and for those of equal name. */
    Comparator<TransportEntry> byOrder() {
        return Comparator.comparingInt((TransportEntry entry) -> place(order.indexOf(entry.name())))
                .thenComparing(Ranked.ORDER);
    }

    private static int place(int index) {
        return index < 0 ? Integer.MAX_VALUE : index;
    }

    /** It is back, perhaps under another name. */
    void came(String name, List<String> pids) {
        left.remove(name);
        left.values().removeIf(away -> away.pids().stream().anyMatch(pids::contains));
    }

    void left(TransportEntry entry, List<String> pids) {
        Away away = Away.left(entry, order.contains(entry.name()), pids);
        if (!away.isForgotten()) {
            left.put(entry.name(), away);
        }
    }

    /** A configuration has been removed. */
    void released(String pid) {
        left.replaceAll((name, away) -> away.pids().contains(pid) ? away.withoutConfiguration() : away);
        left.values().removeIf(Away::isForgotten);
    }

    /** In the configured order, then as they left. */
    List<Away> away(Collection<TransportEntry> present) {
        Set<String> names = present.stream().map(TransportEntry::name).collect(Collectors.toSet());
        List<Away> away = new ArrayList<>();
        for (String name : order) {
            if (!names.contains(name)) {
                away.add(left.containsKey(name) ? left.get(name) : Away.unseen(name));
            }
        }
        left.values().stream()
                .filter(one -> !one.named() && !names.contains(one.name()))
                .forEach(away::add);
        return List.copyOf(away);
    }
}
