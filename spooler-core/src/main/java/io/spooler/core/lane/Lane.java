package io.spooler.core.lane;

/**
 * One destination of a transport: what stands in line for it, how many consignments it may have, when it may have the
 * next. Times are nanoseconds of the loop. Owned by the loop.
 */
final class Lane {

    private static final long SECOND = 1_000_000_000L;
    private static final long SLOW = 5 * SECOND;
    private static final long LEAST_WAIT = SECOND / 5;
    private static final long MOST_WAIT = 600 * SECOND;
    private static final long PROBE_WAIT = 30 * SECOND;
    private static final int PROBE_PART = 8;
    private static final double LEAST_SPEED = 0.001;
    private static final long QUICK = 2 * SECOND;
    private static final long MOMENT = SECOND / 20;
    private static final long RESERVE = SECOND / 10;
    private static final int RUSH = 2000;
    private static final long NEW = SECOND;
    private static final int PART = 8;
    private static final int SPREAD = 64;
    private static final int LITTLE = 500;

    final String name;
    final Waiting waiting = new Waiting();
    final Breaker breaker = new Breaker();
    final Throttle throttle = new Throttle();
    final Nap nap = new Nap();
    private final Pace pace = new Pace();
    private final Speed speed = new Speed();
    private long since;
    private int inFlight;
    private long used;
    private long booked;
    private int spread;
    private long purged;
    private long interval;
    /** Whether it stands among the lanes that take turns. */
    boolean inTurn;

    Lane(String name, long now) {
        this.name = name;
        this.since = now;
        this.booked = now;
        this.purged = now;
        this.used = now;
    }

    /**
     * Whether there is room in work for a task: half of what is free, so that many slow destinations leave room for
     * others, too, but a little in any case: where very many destinations share all the room, none of them has too much.
     * Of the room of a destination one sender gets half, and one who has nothing here yet finds a place beyond it. What
     * died in line takes no room: while it is full, that is looked after once a second.
     */
    boolean hasRoom(Task task, Lanes.Room window, long now) {
        if (hasRoom(task, window)) {
            return true;
        }
        if (now - purged < SECOND) {
            return false;
        }
        purged = now;
        waiting.purge();
        return hasRoom(task, window);
    }

    private boolean hasRoom(Task task, Lanes.Room window) {
        int room = Math.max(window.free() / 2, window.all() / LITTLE);
        int line = waiting.recipients();
        int own = waiting.like(task);
        return line == 0 || (own < Math.max(1, room / 2) && line < room) || (own == 0 && line < 2 * room);
    }

    /**
     * When to come back for somebody who found no room: as quickly as this destination gets on, or may, twice, so that its line
     * does not run dry; and not later than for how long it has been watched, since what is known of it may change.
     * While a probe is under way, a part of the rest that was: should it be back, its line is not to run dry either.
     *
     * @param whole of the transport
     * @return nanoseconds from now
     */
    long appointment(long now, int recipients, Breaker whole) {
        if (breaker.isOpen() || whole.isOpen()) {
            long rest = Math.max(breaker.isOpen() ? breaker.rest() : 0, whole.isOpen() ? whole.rest() : 0);
            return Math.max(LEAST_WAIT, Math.min(PROBE_WAIT, rest / PROBE_PART));
        }
        spread = (spread + 1) % SPREAD;
        long most = Math.min(MOST_WAIT, Math.max(SECOND * spread / SPREAD, now - since));
        booked = Math.max(booked, now) + (long) (recipients * SECOND / (2 * perSecond(now)));
        booked = Math.min(booked, now + most);
        return Math.max(LEAST_WAIT, booked - now);
    }

    private double perSecond(long now) {
        double able = Math.max(LEAST_SPEED, speed.perSecond(now));
        return interval > 0 ? Math.min(able, (double) SECOND / interval) : able;
    }

    /**
     * For how long nothing more needs to be claimed, since what stands in line here is enough: a tenth of a second's work of one
     * that gets through thousands in a second; or a good part of all that is in work, if it gets on quickly. To wait is better
     * then than to look past it, and what waits in the store is no burden. Of one that has only just come into reach, so much is
     * hoped for.
     *
     * @param whole of the transport
     * @return nanoseconds, a moment at most, so that others do not wait long; 0 if there is room, or it is not quick
     */
    long enough(Lanes.Room window, long now, Breaker whole) {
        long line = waiting.recipients();
        boolean bound = interval > 0 && line * interval > QUICK;
        if (bound || breaker.isOpen() || whole.isOpen()) {
            return 0;
        }
        double flow = speed.flow(now);
        if (flow >= RUSH && line * SECOND > flow * RESERVE) {
            return MOMENT;
        }
        if (line * PART < window.all()) {
            return 0;
        }
        double lasts = line * SECOND / perSecond(now);
        return lasts < QUICK || now - since < NEW ? (long) Math.min(MOMENT, lasts / 2) : 0;
    }

    /** It can be reached again: how quick it was in bad times says nothing, and is no reason to come back late. */
    void renew(long now) {
        since = now;
        booked = now;
        speed.renew(now);
    }

    /** Whether the next task may start, as far as this destination is concerned. */
    boolean isReady(long now, int most) {
        return !waiting.isEmpty() && inFlight < throttle.limit(most) && breaker.allows(now) && pace.left(now) == 0;
    }

    /** After which time alone the next task may start; 0 if time alone does not help. */
    long sleep(long now) {
        return waiting.isEmpty() ? 0 : Math.max(pace.left(now), breaker.closedFor(now));
    }

    /** A consignment starts. */
    void start(long now) {
        inFlight++;
        used = now;
        breaker.start();
        speed.start(now);
    }

    /**
     * A consignment has gone out.
     *
     * @param recipients how many it is for
     * @param interval nanoseconds for each, 0 without a limit
     */
    void sent(long now, int recipients, long interval) {
        this.interval = interval;
        pace.start(now, recipients, interval);
    }

    /** The consignment has ended, with so many recipients served. */
    void end(long now, int served) {
        inFlight--;
        used = now;
        speed.end(now, served);
    }

    int inFlight() {
        return inFlight;
    }

    boolean isSlow(long now) {
        return speed.isSlower(now, SLOW);
    }

    /**
     * Whether nothing is lost if the lane is forgotten.
     *
     * @param memory for how long the trouble of a destination is remembered that is not used any more
     */
    boolean isIdle(long now, long memory) {
        return waiting.isEmpty()
                && inFlight == 0
                && !nap.isSet()
                && !inTurn
                && pace.left(now) == 0
                && (!breaker.isOpen() || now - used > memory);
    }
}
