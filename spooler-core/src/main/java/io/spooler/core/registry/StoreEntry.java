package io.spooler.core.registry;

import io.spooler.store.MessageStore;
import java.util.Map;

/**
 * A store that is present.
 *
 * @param id service id
 * @param name unique name
 * @param ranking service ranking
 * @param store the service
 */
public record StoreEntry(long id, String name, int ranking, MessageStore store) implements Ranked {

    static StoreEntry of(MessageStore store, Map<String, ?> map) {
        Properties properties = new Properties(map);
        return new StoreEntry(properties.id(), properties.name(MessageStore.NAME), properties.ranking(), store);
    }
}
