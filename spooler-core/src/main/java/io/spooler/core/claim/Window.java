package io.spooler.core.claim;

import io.spooler.SpoolId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The messages that the core works on at this moment: bounded, so that a million queued messages need no large heap.
 * Owned by the loop.
 */
public final class Window {

    private final Map<SpoolId, ActiveMessage> active = new HashMap<>();
    private int recipients;

    /**
     * Finds a message.
     *
     * @param id which
     * @return it, or empty if the core is not working on it
     */
    public Optional<ActiveMessage> find(SpoolId id) {
        return Optional.ofNullable(active.get(id));
    }

    /**
     * How many recipients of how many messages are in work.
     *
     * @return recipients
     */
    public int recipients() {
        return recipients;
    }

    /**
     * All messages in work.
     *
     * @return a copy
     */
    public Collection<ActiveMessage> all() {
        return List.copyOf(active.values());
    }

    /**
     * Looks for a message in work.
     *
     * @param wanted says whether it is one that is wanted; does not change what is in work
     * @return true if there is one
     */
    public boolean any(Predicate<ActiveMessage> wanted) {
        for (ActiveMessage message : active.values()) {
            if (wanted.test(message)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A message that stood in line until its lease ended comes again: the former claim counts for nothing any more. One of
     * which nothing is left but to hear that the store has recorded it may be due again before that.
     */
    void add(ActiveMessage message) {
        find(message.id()).ifPresent(former -> {
            if (former.openCount() > 0) {
                drop(former);
            } else {
                remove(former);
            }
        });
        active.put(message.id(), message);
        recipients += message.claim().due().size();
    }

    /**
     * The work on a message has ended, one way or the other. Without effect a second time.
     *
     * @param message which
     */
    public void remove(ActiveMessage message) {
        if (active.remove(message.id(), message)) {
            recipients -= message.claim().due().size();
        }
    }

    /**
     * The claim does not hold any more: nothing about this message may be recorded.
     *
     * @param message which
     */
    public void drop(ActiveMessage message) {
        message.drop();
        remove(message);
    }
}
