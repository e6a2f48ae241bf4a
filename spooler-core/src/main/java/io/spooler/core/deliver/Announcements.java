package io.spooler.core.deliver;

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
import java.util.List;

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

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param pump claims
     * @param settler records
     */
    public Announcements(Loop loop, Clock clock, Window window, Pump pump, Settler settler) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
    }

    /**
     * A transport is ready for a message that it deferred. Without effect for one that is unknown or complete.
     *
     * @param transport name of the transport
     * @param id the message
     */
    public void announced(String transport, SpoolId id) {
        if (window.find(id).isPresent()) {
            loop.after(SOON, () -> announced(transport, id));
        } else {
            pump.claim(id).ifPresent(message -> wake(message, transport));
        }
    }

    private void wake(ActiveMessage message, String transport) {
        List<Transition> transitions = new ArrayList<>();
        for (int number : message.open()) {
            RecipientStatus status = message.recipient(number);
            if (status.state() == RecipientState.DEFERRED && transport.equals(status.transport())) {
                transitions.add(new Transition(number, RecipientState.READY, false, clock.instant(), null, null));
            }
        }
        if (transitions.isEmpty()) {
            giveBack(message);
        } else {
            settler.settle(message, transitions, () -> giveBack(message));
        }
    }

    /** What was claimed with the others and is not concerned. */
    private void giveBack(ActiveMessage message) {
        if (message.openCount() > 0 && !message.isDropped()) {
            window.drop(message);
            message.store().store().release(message.claim());
        }
        pump.request();
    }
}
