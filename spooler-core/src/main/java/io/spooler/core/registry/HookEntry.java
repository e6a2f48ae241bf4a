package io.spooler.core.registry;

import io.spooler.hook.HookProperties;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A hook that is present.
 *
 * @param <H> its kind
 * @param id service id
 * @param name unique name
 * @param ranking service ranking
 * @param types address types it wants; empty for all
 * @param transports names of transports it wants; empty for all
 * @param hook the service
 */
public record HookEntry<H>(long id, String name, int ranking, List<String> types, List<String> transports, H hook)
        implements Ranked {

    /** Those that name no transport first; then as their transports are asked (R20). */
    static Comparator<HookEntry<?>> byTransport(List<TransportEntry> route) {
        List<String> names = route.stream().map(TransportEntry::name).toList();
        return Comparator.comparingInt((HookEntry<?> entry) -> entry.place(names))
                .thenComparing(Ranked.ORDER);
    }

    private int place(List<String> route) {
        return transports.isEmpty()
                ? -1
                : transports.stream()
                        .mapToInt(route::indexOf)
                        .filter(place -> place >= 0)
                        .min()
                        .orElse(Integer.MAX_VALUE);
    }

    static <H> HookEntry<H> of(H hook, Map<String, ?> map) {
        Properties properties = new Properties(map);
        return new HookEntry<>(
                properties.id(),
                properties.name(HookProperties.NAME),
                properties.ranking(),
                properties.list(HookProperties.TYPES),
                properties.list(HookProperties.TRANSPORTS),
                hook);
    }
}
