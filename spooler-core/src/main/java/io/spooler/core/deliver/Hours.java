package io.spooler.core.deliver;

import io.spooler.core.lane.LaneSettings;
import io.spooler.core.lane.Lanes;
import io.spooler.core.lane.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which destinations may get something at this time of the day. Used on the loop.
 *
 * @param settings as they are now
 * @param clock the time
 */
record Hours(Supplier<LaneSettings> settings, Clock clock) {

    /** Why a task may not begin, until its delivery window opens; null if it may. */
    Lanes.@Nullable Refusal refusal(Task task) {
        Duration closed = closedFor(task.transport().name(), task.lane());
        return closed.isZero() ? null : new Lanes.Refusal(Lanes.Why.CLOSED, closed, 0);
    }

    /** When the delivery window of a destination opens; null if it is open. */
    @Nullable
    Instant closedUntil(String transport, String lane) {
        Duration closed = closedFor(transport, lane);
        return closed.isZero() ? null : clock.instant().plus(closed);
    }

    private Duration closedFor(String transport, String lane) {
        return settings.get().timetable().closedFor(transport, lane, clock.instant());
    }
}
