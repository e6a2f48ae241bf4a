package io.spooler.core.lane;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory lines of work, one per transport and destination. Within a transport the destinations take turns, so that
 * a long line does not hold up a short one; a destination that is out of reach rests as a whole. Owned by the loop.
 */
public final class Lanes {

    private final Clock clock;
    private final Consumer<Task> start;
    private final Map<Long, Line> lines = new HashMap<>();
    private Duration firstRest;
    private Duration longestRest;

    /**
     * Assigns.
     *
     * @param clock the time
     * @param firstRest how long a lane rests after its first failure
     * @param longestRest the longest rest
     * @param start begins a consignment
     */
    public Lanes(Clock clock, Duration firstRest, Duration longestRest, Consumer<Task> start) {
        this.clock = clock;
        this.firstRest = firstRest;
        this.longestRest = longestRest;
        this.start = start;
    }

    /**
     * Takes new rests for lanes that fail from now on.
     *
     * @param first after the first failure
     * @param longest the longest
     */
    public void configure(Duration first, Duration longest) {
        firstRest = first;
        longestRest = longest;
    }

    /** What became of a consignment, as far as its lane is concerned. */
    public enum Result {
        /** The destination answered. */
        REACHED,
        /** Nothing was learned about the destination. */
        UNDECIDED
    }

    /**
     * Queues a task.
     *
     * @param task what to do
     * @return null if it is queued; else the lane rests until this time and the task was not taken
     */
    public @Nullable Instant offer(Task task) {
        Instant now = clock.instant();
        Line line = lines.computeIfAbsent(task.transport().id(), id -> new Line());
        Lane lane = line.lanes.computeIfAbsent(task.lane(), Lane::new);
        Instant rest = later(line.breaker.closedUntil(now), lane.breaker.closedUntil(now));
        if (rest == null) {
            lane.tasks.add(task);
            line.turn(lane);
        }
        return rest;
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }

    /** Starts what may start. */
    public void dispatch() {
        Instant now = clock.instant();
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
        Line line = lines.get(task.transport().id());
        Lane lane = line == null ? null : line.lanes.get(task.lane());
        if (line == null || lane == null) {
            return;
        }
        line.inFlight--;
        lane.inFlight--;
        if (result == Result.REACHED) {
            line.breaker.success();
            lane.breaker.success();
        } else {
            line.breaker.undecided();
            lane.breaker.undecided();
        }
        line.tidy(lane);
    }

    /**
     * A consignment has ended because its destination, or the whole transport, is out of reach.
     *
     * @param task which
     * @param wholeTransport true if every lane of the transport is concerned
     * @param retryAfter not earlier than after this time, or null
     * @return until when it rests, and what was queued for it
     */
    public Rest failed(Task task, boolean wholeTransport, @Nullable Duration retryAfter) {
        Instant now = clock.instant();
        Line line = lines.get(task.transport().id());
        Lane lane = line == null ? null : line.lanes.get(task.lane());
        if (line == null || lane == null) {
            // The transport has left meanwhile: nothing of it is kept, and nothing rests.
            return new Rest(now.plus(firstRest), List.of());
        }
        line.inFlight--;
        lane.inFlight--;
        Breaker breaker = wholeTransport ? line.breaker : lane.breaker;
        Instant until = breaker.failure(now, retryAfter);
        if (!wholeTransport) {
            line.breaker.success();
        }
        List<Task> queued = new ArrayList<>();
        for (Lane each : wholeTransport ? List.copyOf(line.lanes.values()) : List.of(lane)) {
            queued.addAll(each.tasks);
            each.tasks.clear();
            line.tidy(each);
        }
        return new Rest(until, queued);
    }

    /**
     * A lane rests.
     *
     * @param until the time of its next probe
     * @param queued what was in line
     */
    public record Rest(Instant until, List<Task> queued) {}

    /**
     * Empties all lines: routes may have changed.
     *
     * @return what was queued
     */
    public List<Task> drain() {
        List<Task> queued = new ArrayList<>();
        lines.values().forEach(line -> line.drain(queued));
        return queued;
    }

    /**
     * A transport has gone: nothing of it is kept.
     *
     * @param transport service id
     * @return what was queued for it
     */
    public List<Task> forget(long transport) {
        List<Task> queued = new ArrayList<>();
        Line line = lines.remove(transport);
        if (line != null) {
            line.drain(queued);
        }
        return queued;
    }

    /** Ends all rests. */
    public void wake() {
        lines.values().forEach(Line::wake);
    }

    /**
     * Ends the rests of one transport.
     *
     * @param transport service id
     */
    public void wake(long transport) {
        Line line = lines.get(transport);
        if (line != null) {
            line.wake();
        }
    }

    /**
     * Until when a destination rests, by itself or with its whole transport.
     *
     * @param transport service id
     * @param lane its name
     * @return the time of the next probe, or null if it does not rest
     */
    public @Nullable Instant restsUntil(long transport, String lane) {
        Instant now = clock.instant();
        Line line = lines.get(transport);
        Lane found = line == null ? null : line.lanes.get(lane);
        return later(
                line == null ? null : line.breaker.closedUntil(now),
                found == null ? null : found.breaker.closedUntil(now));
    }

    /**
     * How many consignments a transport works on.
     *
     * @param transport service id
     * @return a number
     */
    public int inFlight(long transport) {
        Line line = lines.get(transport);
        return line == null ? 0 : line.inFlight;
    }

    /** One destination. */
    private final class Lane {

        private final String name;
        private final Deque<Task> tasks = new ArrayDeque<>();
        private final Breaker breaker = new Breaker(firstRest, longestRest);
        private int inFlight;
        private boolean inTurn;

        private Lane(String name) {
            this.name = name;
        }
    }

    /** One transport: its lanes that have work take turns. */
    private final class Line {

        private final Map<String, Lane> lanes = new HashMap<>();
        private final Deque<Lane> turns = new ArrayDeque<>();
        private final Breaker breaker = new Breaker(firstRest, longestRest);
        private int inFlight;

        private void turn(Lane lane) {
            if (!lane.inTurn && !lane.tasks.isEmpty()) {
                lane.inTurn = true;
                turns.add(lane);
            }
        }

        private void dispatch(Instant now) {
            // Each lane is looked at once per full circle; a circle without a start ends the round.
            int idle = 0;
            while (idle < turns.size() && breaker.allows(now)) {
                Lane lane = turns.remove();
                Task task = lane.tasks.peek();
                if (task == null) {
                    lane.inTurn = false;
                } else if (inFlight >= task.transport().concurrency()) {
                    turns.addFirst(lane);
                    return;
                } else if (!lane.breaker.allows(now)) {
                    turns.add(lane);
                    idle++;
                } else {
                    idle = 0;
                    lane.tasks.remove();
                    turns.add(lane);
                    begin(lane, task);
                }
            }
        }

        private void begin(Lane lane, Task task) {
            inFlight++;
            lane.inFlight++;
            breaker.start();
            lane.breaker.start();
            start.accept(task);
        }

        private void drain(List<Task> into) {
            for (Lane lane : List.copyOf(lanes.values())) {
                into.addAll(lane.tasks);
                lane.tasks.clear();
                tidy(lane);
            }
        }

        private void wake() {
            breaker.reset();
            lanes.values().forEach(lane -> lane.breaker.reset());
        }

        /** Forgets a lane without work and without trouble. */
        private void tidy(Lane lane) {
            if (lane.tasks.isEmpty() && lane.inFlight == 0 && lane.breaker.isIdle()) {
                lanes.remove(lane.name, lane);
                if (lane.inTurn) {
                    lane.inTurn = false;
                    turns.remove(lane);
                }
            }
        }
    }
}
