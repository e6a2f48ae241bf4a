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
import java.util.stream.IntStream;

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
     * How many recipients are in work.
     *
     * @param time when they were due at the latest
     * @param carried only these addresses; empty for all
     */
    long inWork(Instant time, List<AddressPattern> carried) {
        return window.all().stream()
                .mapToLong(message -> IntStream.range(
                                0, message.message().recipients().size())
                        .filter(number -> isReady(message, number, time, carried))
                        .count())
                .sum();
    }

    private static boolean isReady(ActiveMessage message, int number, Instant time, List<AddressPattern> carried) {
        if (!message.isInWork(number)) {
            return false;
        }
        RecipientStatus status = message.recipient(number);
        Instant due = status.due() == null ? message.message().submitted() : status.due();
        return !due.isAfter(time)
                && (carried.isEmpty()
                        || carried.stream()
                                .anyMatch(p -> p.matches(status.recipient().address())));
    }
}
