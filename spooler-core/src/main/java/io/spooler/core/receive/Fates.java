package io.spooler.core.receive;

import io.spooler.Fate;
import io.spooler.SpoolId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What became of the messages that came in last (R26): the last ten thousand, until the core ends. Any thread. */
public final class Fates {

    private static final int MOST = 10_000;

    // Guarded by this.
    private final Map<SpoolId, Fate> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpoolId, Fate> eldest) {
            return size() > MOST;
        }
    };

    synchronized void put(Fate fate) {
        last.put(fate.id(), fate);
    }

    /**
     * Looks one up.
     *
     * @param id of the message
     * @return what became of it, if that is remembered
     */
    public synchronized Optional<Fate> of(SpoolId id) {
        return Optional.ofNullable(last.get(id));
    }
}
