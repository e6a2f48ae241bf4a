package io.spooler.core.registry;

import io.spooler.hook.HookProperties;
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
