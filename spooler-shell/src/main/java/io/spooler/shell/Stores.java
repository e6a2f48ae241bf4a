package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.store.StoreMaintenance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The stores that can be looked after at present. Any thread. */
final class Stores {

    private final List<Named> all = new CopyOnWriteArrayList<>();

    /** A store with its name. */
    private record Named(String name, StoreMaintenance store) {}

    void add(String name, StoreMaintenance store) {
        all.add(new Named(name, store));
    }

    @SuppressWarnings("ReferenceEquality") // this very service
    void remove(StoreMaintenance store) {
        all.removeIf(named -> named.store() == store);
    }

    /**
     * The stores that are meant.
     *
     * @param name of one, or empty for all
     * @return at least one, by name
     * @throws IllegalArgumentException if there is none; names the cure
     */
    Map<String, StoreMaintenance> chosen(String name) {
        Map<String, StoreMaintenance> present = new TreeMap<>();
        all.forEach(named -> present.put(named.name(), named.store()));
        if (present.isEmpty()) {
            throw new IllegalArgumentException("no store that can be looked after is present; start the bundle of one,"
                    + " store-file for example, see: felix:lb");
        }
        if (name.isEmpty()) {
            return present;
        }
        StoreMaintenance one = present.get(name);
        if (one == null) {
            throw new IllegalArgumentException("no store that can be looked after has the name " + Reply.clean(name)
                    + "; there are: " + Reply.clean(String.join(", ", present.keySet())));
        }
        return Map.of(name, one);
    }
}
