package io.spooler.core.control;

import io.spooler.AddressPattern;
import io.spooler.RecipientStatus;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Window;
import io.spooler.core.registry.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was due at a time and has not been tried since: what became due later does not count, so that waiting for it ends
 * however much comes in. Used on the loop.
 *
 * @param window what is in work
 * @param present the stores
 */
record Ready(Window window, Supplier<Snapshot> present) {

    /**
     * Whether a store holds some that was not claimed yet.
     *
     * @param time when it was due at the latest
     */
    boolean isStored(Instant time) {
        return present.get().stores().stream()
                .map(entry -> entry.store().nextDue())
                .flatMap(Optional::stream)
                .anyMatch(due -> !due.isAfter(time));
    }

    /**
     * Whether a recipient is in work. Looks at no more messages than it has to.
     *
     * @param time when it was due at the latest
     * @param carried only these addresses; empty for all
     */
    boolean isInWork(Instant time, List<AddressPattern> carried) {
        return window.any(message -> count(message, time, carried) > 0);
    }

    /**
     * How many recipients are in work.
     *
     * @param time when they were due at the latest
     * @param carried only these addresses; empty for all
     */
    long inWork(Instant time, List<AddressPattern> carried) {
        long count = 0;
        for (ActiveMessage message : window.all()) {
            count += count(message, time, carried);
        }
        return count;
    }

    private static int count(ActiveMessage message, Instant time, List<AddressPattern> carried) {
        int count = 0;
        int recipients = message.message().recipients().size();
        for (int number = 0; number < recipients; number++) {
            count += isReady(message, number, time, carried) ? 1 : 0;
        }
        return count;
    }

    private static boolean isReady(ActiveMessage message, int number, Instant time, List<AddressPattern> carried) {
        if (!message.isInWork(number)) {
            return false;
        }
        RecipientStatus status = message.recipient(number);
        Instant due = status.due() == null ? message.message().submitted() : status.due();
        return !due.isAfter(time) && (carried.isEmpty() || matches(carried, status));
    }

    private static boolean matches(List<AddressPattern> carried, RecipientStatus status) {
        for (AddressPattern pattern : carried) {
            if (pattern.matches(status.recipient().address())) {
                return true;
            }
        }
        return false;
    }
}
