package io.spooler.core.lane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One transport: its destinations that have work take turns. The last quarter of its slots is for destinations that are
 * not known to be slow, so that a few slow ones do not take them all. Owned by the loop.
 */
final class Line {

    private static final int RESERVE = 4;
    private static final int FEW = 1024;
    private static final int MANY = 50_000;
    private static final long LONG = Duration.ofDays(1).toNanos();
    private static final long SHORT = Duration.ofMinutes(10).toNanos();

    private final String transport;
    private final Supplier<LaneSettings> settings;
    private final ToIntFunction<Task> start;
    private final Alarm alarm;
    private final Map<String, Lane> lanes = new HashMap<>();
    // Lanes that may start something.
    private final Deque<Lane> quick = new ArrayDeque<>();
    private final Deque<Lane> slow = new ArrayDeque<>();
    private final Breaker breaker = new Breaker();
    private final Pace pace = new Pace();
    private boolean quickNext = true;
    private final Nap nap = new Nap();
    private int slots = 1;
    private int inFlight;
    private boolean gone;
    private int sweepAt = FEW;

    /** Asks for a look at a line, or at one of its lanes, after a time. */
    interface Alarm {

        void set(long nanos, Line line, @Nullable Lane lane);
    }

    Line(String transport, Supplier<LaneSettings> settings, ToIntFunction<Task> start, Alarm alarm) {
        this.transport = transport;
        this.settings = settings;
        this.start = start;
        this.alarm = alarm;
    }

    Lane lane(String name, long now) {
        Lane lane = lanes.get(name);
        if (lane == null) {
            sweep(now);
            lane = new Lane(name, now);
            lanes.put(name, lane);
        }
        return lane;
    }

    /** Now and then forgets the lanes of which nothing is to be remembered, so that they do not become more and more. */
    private void sweep(long now) {
        if (lanes.size() >= sweepAt) {
            long memory = lanes.size() < MANY ? LONG : SHORT;
            lanes.values().removeIf(lane -> lane.isIdle(now, memory));
            sweepAt = Math.max(FEW, 2 * lanes.size());
        }
    }

    /** The transport is there, and takes so many consignments at a time. */
    void slots(int number) {
        slots = number;
        gone = false;
    }

    /** The transport has left; what it works on may still end. */
    void leave() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    @Nullable
    Lane find(String name) {
        return lanes.get(name);
    }

    Breaker breaker() {
        return breaker;
    }

    int inFlight() {
        return inFlight;
    }

    /** A lane may have become able to start something. */
    void turn(Lane lane, long now) {
        if (lane.inTurn) {
            return;
        }
        if (lane.isReady(now, settings.get().concurrency())) {
            lane.inTurn = true;
            (lane.isSlow(now) ? slow : quick).add(lane);
            return;
        }
        long wait = lane.sleep(now);
        if (wait > 0 && lane.nap.begin(now, wait)) {
            alarm.set(wait, this, lane);
        }
    }

    /** The time has come that an alarm was set for. */
    void look(@Nullable Lane lane, long now) {
        if (lane == null) {
            nap.end(now);
        } else {
            lane.nap.end(now);
            turn(lane, now);
        }
    }

    /** Starts what may start. */
    void dispatch(long now) {
        while (!(quick.isEmpty() && slow.isEmpty())) {
            long wait = Math.max(pace.left(now), breaker.closedFor(now));
            if (wait > 0) {
                if (nap.begin(now, wait)) {
                    alarm.set(wait, this, null);
                }
                return;
            }
            Lane lane = breaker.allows(now) ? next() : null;
            if (lane == null) {
                return;
            }
            lane.inTurn = false;
            if (lane.isReady(now, settings.get().concurrency())) {
                begin(lane, now);
            }
            turn(lane, now);
        }
    }

    /** The lane whose turn it is, if there is a slot for it. */
    private @Nullable Lane next() {
        int free = slots - inFlight;
        if (free <= 0) {
            return null;
        }
        if (free <= slots / RESERVE) {
            return quick.poll();
        }
        quickNext = !quickNext;
        Lane lane = quickNext ? quick.poll() : slow.poll();
        return lane != null ? lane : quickNext ? slow.poll() : quick.poll();
    }

    private void begin(Lane lane, long now) {
        Task task = lane.waiting.poll();
        if (task != null) {
            inFlight++;
            breaker.start();
            lane.start(now);
            int sent = start.applyAsInt(task);
            if (sent > 0) {
                charge(lane, now, sent);
            }
        }
    }

    /** Only for what has gone out: else a line of what may not go any more would use up the rate. */
    private void charge(Lane lane, long now, int recipients) {
        LaneSettings set = settings.get();
        lane.sent(now, recipients, Rate.interval(set.laneRates(), transport, lane.name));
        pace.start(now, recipients, Rate.interval(set.transportRates(), transport, null));
    }

    /** A consignment has ended: its slot is free. */
    void end(Lane lane, long now, int served) {
        inFlight--;
        lane.end(now, served);
    }

    /** Empties all lanes. */
    void drainTo(List<Task> into) {
        lanes.values().forEach(lane -> lane.waiting.drainTo(into));
    }

    /** A lane was reached: that ends its rest, or that of all if nothing could be reached. */
    void reached(Lane lane, long now) {
        if (breaker.isOpen()) {
            lanes.values().forEach(each -> each.renew(now));
        } else if (lane.breaker.isOpen()) {
            lane.renew(now);
        }
        breaker.success();
        lane.breaker.success();
    }

    /** Ends all rests. */
    void wake(long now) {
        breaker.success();
        lanes.values().forEach(lane -> wake(lane, now));
    }

    private void wake(Lane lane, long now) {
        lane.breaker.success();
        lane.renew(now);
        turn(lane, now);
    }

    /** Ends its own rest and that of one lane. */
    void wake(String name, long now) {
        breaker.success();
        Lane lane = find(name);
        if (lane != null) {
            wake(lane, now);
        }
    }
}
