package io.spooler.core.registry;

import java.util.List;
import java.util.function.Consumer;

/** Knows which configurations exist. Plain, so that the core runs where there is no Configuration Admin. Any thread. */
public interface Configurations {

    /**
     * Those of some configurations that exist.
     *
     * @param pids their names
     * @return the names that exist
     */
    List<String> existing(List<String> pids);

    /**
     * Names who hears of configurations that are removed.
     *
     * @param listener takes the name of each, on any thread; must not block
     */
    void onRemoved(Consumer<String> listener);
}
