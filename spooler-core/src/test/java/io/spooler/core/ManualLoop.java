package io.spooler.core;

import io.spooler.core.loop.Loop;
import io.spooler.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Runs the core on the test's own thread and in the test's own time. */
final class ManualLoop implements Loop {

    private record Later(long time, long order, Runnable piece) {}

    private final ManualClock clock;
    private final Queue<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::time).thenComparing(Later::order));
    private long nanos;
    private long order;
    private boolean running;
    private RuntimeException failure;
    private boolean killed;

    ManualLoop(ManualClock clock) {
        this.clock = clock;
    }

    /** A call from outside runs everything at once, so that a waiting caller finds its answer. */
    @Override
    public void execute(Runnable piece) {
        if (!killed) {
            now.add(piece);
            drain();
        } else if (piece instanceof Piece asked) {
            asked.rejected();
        }
    }

    /** As the end of the process: nothing that waits will run, nor anything that comes. */
    void kill() {
        killed = true;
        now.clear();
        later.clear();
    }

    private void drain() {
        if (running) {
            return;
        }
        running = true;
        try {
            for (Runnable piece = now.poll(); piece != null; piece = now.poll()) {
                piece.run();
            }
        } catch (RuntimeException e) {
            // A future that runs this as its callback would swallow it.
            failure = e;
            throw e;
        } finally {
            running = false;
        }
    }

    @Override
    public Timer after(Duration delay, Runnable piece) {
        Later entry = new Later(nanos + delay.toNanos(), order++, piece);
        later.add(entry);
        return () -> later.remove(entry);
    }

    /** How many timers are set. */
    int waiting() {
        return later.size();
    }

    /** What a piece threw, or null. */
    RuntimeException failure() {
        return failure;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** Lets time pass, timer by timer. The clock goes along, from wherever a test has set it. */
    void advance(Duration step) {
        long end = nanos + step.toNanos();
        while (!later.isEmpty() && later.peek().time() <= end) {
            Later next = later.remove();
            pass(Math.max(0, next.time() - nanos));
            execute(next.piece());
        }
        pass(end - nanos);
    }

    private void pass(long time) {
        nanos += time;
        clock.advance(Duration.ofNanos(time));
    }
}
