package io.spooler.core.registry;

import io.spooler.hook.HookProperties;
import io.spooler.hook.RetryPolicy;
import java.util.Map;

/**
 * A retry policy that is present.
 *
 * @param id service id
 * @param name unique name
 * @param ranking service ranking
 * @param policy the service
 */
public record PolicyEntry(long id, String name, int ranking, RetryPolicy policy) implements Ranked {

    static PolicyEntry of(RetryPolicy policy, Map<String, ?> map) {
        Properties properties = new Properties(map);
        return new PolicyEntry(properties.id(), properties.name(HookProperties.NAME), properties.ranking(), policy);
    }
}
