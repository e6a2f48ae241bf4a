package io.spooler.core.lane;

import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.core.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory lines of work, one per transport and destination. Within a transport the destinations take turns, and
 * within a destination priorities and senders, so that a long line does not hold up a short one; a destination that is out
 * of reach rests as a whole; one that is slow gets no more than a share of the room. Times are intervals of the loop: a
 * jump of the wall clock changes nothing. Owned by the loop.
 */
public final class Lanes {

    // A rest that is all but over: the clocks of store and loop need not agree to the millisecond.
    private static final long SOON = Duration.ofMillis(100).toNanos();

    private final Loop loop;
    private final Supplier<LaneSettings> settings;
    private final Supplier<Room> room;
    private final ToIntFunction<Task> start;
    private final Map<Long, Line> lines = new HashMap<>();
    private final Suspensions suspensions = new Suspensions();
    private final PriorityQueue<Look> looks = new PriorityQueue<>();
    private Loop.Timer timer = () -> {};
    private long timerAt = Long.MAX_VALUE;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param settings as they are now
     * @param room how much there is for work
     * @param start begins a consignment, and says for how many recipients it has gone out
     */
    public Lanes(Loop loop, Supplier<LaneSettings> settings, Supplier<Room> room, ToIntFunction<Task> start) {
        this.loop = loop;
        this.settings = settings;
        this.room = room;
        this.start = start;
    }

    /**
     * Room for recipients in work.
     *
     * @param all how many there may be
     * @param free how many more there may be now
     */
    public record Room(int all, int free) {}

    /** What became of a consignment, as far as its lane is concerned. */
    public enum Result {
        /** The destination answered. */
        REACHED,
        /** Nothing was learned about the destination. */
        UNDECIDED
    }

    /**
     * A task was not taken.
     *
     * @param why the reason
     * @param pause after which it may be offered again
     * @param probes failures in a row of its lane or transport
     */
    public record Refusal(Why why, Duration pause, int probes) {}

    /** Why a task is not taken. */
    public enum Why {
        /** The destination, or the transport, is out of reach and rests. */
        RESTS,
        /** The destination has its share of what is in work. */
        FULL,
        /** An administrator suspended it. */
        SUSPENDED,
        /** It is outside its delivery window. */
        CLOSED
    }

    /**
     * Queues a task.
     *
     * @param task what to do
     * @return null if it is queued; else why it was not taken
     */
    public @Nullable Refusal offer(Task task) {
        long now = loop.nanos();
        String transport = task.transport().name();
        if (suspensions.isSuspended(transport, task.lane())) {
            return new Refusal(Why.SUSPENDED, settings.get().restMost(), 0);
        }
        Line line = lines.computeIfAbsent(
                task.transport().id(), id -> new Line(transport, settings, start, this::lookAfter));
        Lane lane = line.lane(task.lane(), now);
        line.slots(task.transport().concurrency());
        long rest = Math.max(line.breaker().closedFor(now), lane.breaker.closedFor(now));
        if (rest > SOON) {
            int probes = Math.max(line.breaker().failures(), lane.breaker.failures());
            return new Refusal(Why.RESTS, Duration.ofNanos(rest), probes);
        }
        if (!lane.hasRoom(task, room.get(), now)) {
            long wait = lane.appointment(now, task.recipients().size(), line.breaker());
            return new Refusal(Why.FULL, Duration.ofNanos(wait), lane.breaker.failures());
        }
        lane.waiting.add(task);
        line.turn(lane, now);
        return null;
    }

    /**
     * Whether so much stands in line for the destination of a task that it is better to claim nothing for a while.
     *
     * @param task that was offered
     * @return for how long; zero if more is to be claimed
     */
    public Duration enough(Task task) {
        Line line = lines.get(task.transport().id());
        Lane lane = line == null ? null : line.find(task.lane());
        return line == null || lane == null
                ? Duration.ZERO
                : Duration.ofNanos(lane.enough(room.get(), loop.nanos(), line.breaker()));
    }

    /** Starts what may start. */
    public void dispatch() {
        long now = loop.nanos();
        for (Line line : List.copyOf(lines.values())) {
            line.dispatch(now);
        }
    }

    /**
     * A consignment has ended and its outcome is recorded: its slot is free.
     *
     * @param task which
     * @param result what it says about the lane
     */
    public void finished(Task task, Result result) {
        long now = loop.nanos();
        Line line = lines.get(task.transport().id());
        Lane lane = line == null ? null : line.find(task.lane());
        if (line == null || lane == null) {
            return;
        }
        int before = lane.inFlight();
        line.end(lane, now, result == Result.REACHED ? task.recipients().size() : 0);
        dropIfEnded(task.transport().id(), line);
        if (result == Result.REACHED) {
            line.reached(lane, now);
            lane.throttle.success(before, settings.get().concurrency());
        } else {
            line.breaker().undecided();
            lane.breaker.undecided();
        }
        line.turn(lane, now);
    }

    /**
     * A consignment has ended because its destination, or the whole transport, is out of reach.
     *
     * @param task which
     * @param wholeTransport true if every lane of the transport is concerned
     * @param retryAfter not earlier than after this time, or null
     * @return how long it rests, and what was queued for it
     */
    public Rest failed(Task task, boolean wholeTransport, @Nullable Duration retryAfter) {
        long now = loop.nanos();
        LaneSettings set = settings.get();
        Line line = lines.get(task.transport().id());
        Lane lane = line == null ? null : line.find(task.lane());
        if (line != null && lane != null) {
            line.end(lane, now, 0);
            dropIfEnded(task.transport().id(), line);
        }
        if (line == null || lane == null || line.isGone()) {
            // The transport has left meanwhile: nothing rests.
            return new Rest(set.restFirst(), 0, true, List.of());
        }
        Breaker breaker = wholeTransport ? line.breaker() : lane.breaker;
        boolean wasInReach = !breaker.isOpen();
        long asked = asked(retryAfter, set);
        long rest =
                breaker.failure(now, set.restFirst().toNanos(), set.restMost().toNanos(), asked);
        List<Task> queued = new ArrayList<>();
        if (wholeTransport) {
            lane.breaker.undecided();
            line.drainTo(queued);
        } else {
            line.breaker().success();
            if (wasInReach) {
                lane.throttle.failure();
            }
            lane.waiting.drainTo(queued);
        }
        boolean growing = breaker.rest() < set.restMost().toNanos();
        return new Rest(Duration.ofNanos(rest), breaker.failures(), growing, queued);
    }

    private static long asked(@Nullable Duration retryAfter, LaneSettings set) {
        if (retryAfter == null || retryAfter.isNegative()) {
            return 0;
        }
        return (retryAfter.compareTo(set.askedMost()) > 0 ? set.askedMost() : retryAfter).toNanos();
    }

    /**
     * A lane rests.
     *
     * @param pause how long, until its next probe
     * @param probes failures in a row
     * @param growing true while the rests become longer: the trouble is young
     * @param queued what was in line
     */
    public record Rest(Duration pause, int probes, boolean growing, List<Task> queued) {}

    /**
     * Empties all lines: routes may have changed.
     *
     * @return what was queued
     */
    public List<Task> drain() {
        List<Task> queued = new ArrayList<>();
        lines.values().forEach(line -> line.drainTo(queued));
        return queued;
    }

    /**
     * A transport has gone: nothing of it is kept, but for the count of what it works on, until that has ended. If it
     * returns before, those slots are still taken.
     *
     * @param transport service id
     * @return what was queued for it
     */
    public List<Task> forget(long transport) {
        List<Task> queued = new ArrayList<>();
        Line line = lines.get(transport);
        if (line != null) {
            line.drainTo(queued);
            line.leave();
            dropIfEnded(transport, line);
        }
        return queued;
    }

    private void dropIfEnded(long transport, Line line) {
        if (line.isGone() && line.inFlight() == 0) {
            lines.remove(transport);
            looks.removeIf(look -> look.line == line);
        }
    }

    /** Ends all rests. */
    public void wake() {
        long now = loop.nanos();
        lines.values().forEach(line -> line.wake(now));
    }

    /**
     * Ends the rests of one transport.
     *
     * @param transport service id
     */
    public void wake(long transport) {
        Line line = lines.get(transport);
        if (line != null) {
            line.wake(loop.nanos());
        }
    }

    /**
     * Ends the rest of a transport as a whole, and of one destination.
     *
     * @param transport service id
     * @param lane name of the destination
     */
    public void wake(long transport, String lane) {
        Line line = lines.get(transport);
        if (line != null) {
            line.wake(lane, loop.nanos());
        }
    }

    /**
     * Lets nothing go to a transport or a destination any more; what is under way ends.
     *
     * @param target a transport, present or not, or one of its destinations
     * @return what was queued, for all transports, to be offered again; empty if it was suspended before
     */
    public Optional<List<Task>> suspend(Target target) {
        return suspensions.add(target) ? Optional.of(drain()) : Optional.empty();
    }

    /**
     * Ends a suspension.
     *
     * @param target as it was suspended
     * @return true if there was one
     */
    public boolean resume(Target target) {
        return suspensions.remove(target);
    }

    /**
     * What is suspended.
     *
     * @return a copy, in order
     */
    public List<Target> suspended() {
        return suspensions.list();
    }

    /**
     * Tells whether nothing may go to a destination.
     *
     * @param transport name of the transport
     * @param lane name of the destination
     * @return true if it, or its whole transport, is suspended
     */
    public boolean isSuspended(String transport, String lane) {
        return suspensions.isSuspended(transport, lane);
    }

    /**
     * For how long a destination rests, by itself or with its whole transport.
     *
     * @param transport service id
     * @param lane its name
     * @return until its next probe; zero if it does not rest
     */
    public Duration restsFor(long transport, String lane) {
        long now = loop.nanos();
        Line line = lines.get(transport);
        Lane found = line == null ? null : line.find(lane);
        long whole = line == null ? 0 : line.breaker().closedFor(now);
        return Duration.ofNanos(Math.max(whole, found == null ? 0 : found.breaker.closedFor(now)));
    }

    /**
     * How many consignments a transport works on.
     *
     * @param transport service id
     * @return a number
     */
    public int inFlight(long transport) {
        Line line = lines.get(transport);
        return line == null ? 0 : line.inFlight();
    }

    /** A look at a line or a lane, at a time. */
    private record Look(long at, Line line, @Nullable Lane lane) implements Comparable<Look> {

        @Override
        public int compareTo(Look other) {
            return Long.compare(at - other.at, 0);
        }
    }

    private void lookAfter(long nanos, Line line, @Nullable Lane lane) {
        looks.add(new Look(loop.nanos() + nanos, line, lane));
        arm();
    }

    /** One timer for all looks: the earliest. */
    private void arm() {
        Look next = looks.peek();
        if (next != null && (timerAt == Long.MAX_VALUE || next.at - timerAt < 0)) {
            timer.cancel();
            timerAt = next.at;
            timer = loop.after(Duration.ofNanos(Math.max(0, next.at - loop.nanos())), this::look);
        }
    }

    private void look() {
        timerAt = Long.MAX_VALUE;
        long now = loop.nanos();
        for (Look next = looks.peek(); next != null && next.at - now <= 0; next = looks.peek()) {
            looks.remove();
            next.line.look(next.lane, now);
        }
        dispatch();
        arm();
    }
}
