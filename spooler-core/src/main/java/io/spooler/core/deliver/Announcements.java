package io.spooler.core.deliver;

import io.spooler.Address;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.complete.Settler;
import io.spooler.core.loop.Loop;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Makes recipients due that a transport deferred until it says so (R42). While others of the message are in work it waits
 * for them. Runs on the loop.
 */
public final class Announcements {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Pump pump;
    private final Settler settler;
    private final BiConsumer<String, Address> rested;
    // One timer for each, however often a transport announces it.
    private final Set<Pending> pending = new HashSet<>();
    private boolean stopped;

    private record Pending(String transport, SpoolId id) {}

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param pump claims
     * @param settler records
     * @param rested ends the rest of a transport of that name, and of its destination for an address
     */
    public Announcements(
            Loop loop, Clock clock, Window window, Pump pump, Settler settler, BiConsumer<String, Address> rested) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
        this.rested = rested;
    }

    /** Ends: what waits is forgotten. */
    public void stop() {
        stopped = true;
        pending.clear();
    }

    /**
     * A transport is ready for a message that it deferred. Without effect for one that is unknown or complete.
     *
     * @param transport name of the transport
     * @param id the message
     */
    public void announced(String transport, SpoolId id) {
        if (stopped) {
            return;
        }
        if (window.find(id).isPresent()) {
            later(new Pending(transport, id));
        } else {
            pump.claim(id).ifPresent(message -> wake(message, transport));
        }
    }

    private void later(Pending announcement) {
        if (pending.add(announcement)) {
            loop.after(SOON, () -> {
                if (pending.remove(announcement)) {
                    announced(announcement.transport, announcement.id);
                }
            });
        }
    }

    private void wake(ActiveMessage message, String transport) {
        List<Transition> transitions = new ArrayList<>();
        for (int number : message.open()) {
            RecipientStatus status = message.recipient(number);
            if (status.state() == RecipientState.DEFERRED && transport.equals(status.transport())) {
                transitions.add(new Transition(number, RecipientState.READY, false, clock.instant(), null, null));
                rested.accept(transport, status.recipient().address());
            }
        }
        if (transitions.isEmpty()) {
            pump.giveBack(message);
        } else {
            settler.settle(message, transitions, () -> pump.giveBack(message));
        }
    }
}
