package io.spooler.store.file.journal;

import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: two threads, {@code spooler-store-commit-1} and {@code -2}, take turns. One writes all that has come since
 * with one call, then forces it; while it forces, the other one writes what comes next, so that the disk is never idle.
 * Batches are written, forced, applied and told of in the order of their records.
 *
 * <p>Locks, each taken before the next: {@code forcing} is held from a force until its records are applied, {@code telling}
 * from then until they are told of, {@code lock} for a moment, around the fields. Nothing is called under {@code lock} but
 * the placing of a record.
 */
final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MAX_PENDING = 32 << 20;
    private static final long CLOSE_MILLIS = 10_000;

    private final SegmentWriter writer;
    private final Path directory;
    private final Journal.Listener listener;
    private final List<Thread> threads = List.of(new Committing(this::run, 1), new Committing(this::run, 2));

    private final ReentrantLock forcing = new ReentrantLock();
    private final ReentrantLock telling = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition arrival = lock.newCondition();
    private List<Append> queue = new ArrayList<>();
    private List<Append> unforced = new ArrayList<>();
    private long pending;
    private boolean writing;
    private boolean closing;
    private @Nullable SpoolException failure;
    private @Nullable IOException halt;
    private volatile boolean full;
    private volatile long written;
    private volatile long applied;

    Committer(SegmentWriter writer, Path directory, Journal.Listener listener, long first) {
        this.writer = writer;
        this.directory = directory;
        this.listener = listener;
        this.written = Position.of(first, 0);
        this.applied = first;
    }

    void start() {
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The segment of the last record that was applied. */
    long appliedSegment() {
        return applied;
    }

    /** The place behind the last record that was written. */
    long written() {
        return written;
    }

    @Nullable
    SpoolException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Runs something that must not meet the placing of a record. */
    void exclusively(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while too much is pending; the two threads themselves never wait. */
    void awaitRoom() throws SpoolException {
        if (!full) {
            return; // Whether it has stopped is seen when the record comes.
        }
        lock.lock();
        try {
            while (pending > MAX_PENDING && failure == null && !closing && !isOurs()) {
                room.awaitUninterruptibly();
            }
            check();
        } finally {
            lock.unlock();
        }
    }

    void checkOpen() throws SpoolException {
        lock.lock();
        try {
            check();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOurs() {
        return threads.contains(Thread.currentThread());
    }

    private void check() throws SpoolException {
        if (failure != null) {
            throw new SpoolException(failure.reason(), String.valueOf(failure.getMessage()), failure);
        }
        if (closing) {
            throw new SpoolException(Reason.STORE_STOPPED, "the store is closed");
        }
    }

    /** Takes records for one batch, which get their places first; does not block. */
    void append(List<Append> group, Consumer<List<Append>> place) throws SpoolException {
        lock.lock();
        try {
            check();
            place.accept(group);
            for (Append append : group) {
                pending += append.size();
            }
            full = pending > MAX_PENDING;
            boolean idle = queue.isEmpty() && !writing;
            queue.addAll(group);
            if (idle) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void halt(IOException cause) {
        lock.lock();
        try {
            halt = halt == null ? cause : halt;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Says whether the caller is one of the two threads of any journal, which must not wait for the other one. */
    static boolean isCommitter() {
        return Thread.currentThread() instanceof Committing;
    }

    private static final class Committing extends Thread {

        Committing(Runnable task, int number) {
            super(task, "spooler-store-commit-" + number);
        }
    }

    private void run() {
        try {
            List<Append> batch = next();
            while (batch != null && write(batch)) {
                force();
                batch = next();
            }
        } catch (RuntimeException | Error e) {
            fail(List.of(), e); // Nobody would do this thread's work.
        }
    }

    private boolean write(List<Append> batch) {
        try {
            checkHalt();
            writer.write(batch);
            written(batch);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            fail(batch, e);
            return false;
        }
    }

    /** Takes all that is pending, once the other one has written what it took; null at the end. */
    private @Nullable List<Append> next() {
        lock.lock();
        try {
            while (failure == null && halt == null && (writing || (queue.isEmpty() && !closing))) {
                work.awaitUninterruptibly();
            }
            if (failure != null || (queue.isEmpty() && halt == null)) {
                work.signalAll(); // The other one ends, too.
                return null;
            }
            List<Append> batch = queue;
            queue = new ArrayList<>(batch.size());
            pending = 0;
            full = false;
            writing = true;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The file system has them: who reads what was still on its way may go on, and so may the other thread. */
    private void written(List<Append> batch) throws IOException {
        lock.lock();
        try {
            checkFailure();
            writing = false;
            unforced = unforced.isEmpty() ? batch : joined(unforced, batch);
            Append last = batch.get(batch.size() - 1);
            written = last.position() + last.size();
            arrival.signalAll();
            if (!queue.isEmpty() || closing) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private static List<Append> joined(List<Append> first, List<Append> second) {
        List<Append> both = new ArrayList<>(first.size() + second.size());
        both.addAll(first);
        both.addAll(second);
        return both;
    }

    /** After a failure the next look for work ends the thread. */
    private void force() {
        List<Append> batch = List.of();
        forcing.lock();
        try {
            batch = takeUnforced();
            if (batch.isEmpty()) {
                return; // The other one took them along.
            }
            if (isDurable(batch)) {
                writer.force();
                checkHalt(); // Nothing is told that somebody has given up meanwhile.
            }
            listener.recorded(batch);
            applied = batch.get(batch.size() - 1).segment().number();
            telling.lock();
        } catch (IOException | RuntimeException | Error e) {
            fail(batch, e);
            return;
        } finally {
            forcing.unlock();
        }
        try {
            batch.forEach(Committer::tell);
        } finally {
            telling.unlock();
        }
    }

    private List<Append> takeUnforced() throws IOException {
        lock.lock();
        try {
            checkHalted();
            List<Append> batch = unforced;
            unforced = new ArrayList<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void checkHalt() throws IOException {
        lock.lock();
        try {
            checkHalted();
        } finally {
            lock.unlock();
        }
    }

    private void checkHalted() throws IOException {
        checkFailure();
        if (halt != null) {
            throw new ForceFailedException(halt);
        }
    }

    private void checkFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static boolean isDurable(List<Append> batch) {
        for (Append append : batch) {
            if (append.isDurable()) {
                return true;
            }
        }
        return false;
    }

    private static void tell(Append append) {
        try {
            append.done();
        } catch (RuntimeException | Error e) {
            LOG.error("A listener of the store threw; the record is safe", e);
        }
    }

    /** Nothing that is not forced yet is certain any more, whichever of the two threads met the failure. */
    private void fail(List<Append> own, Throwable cause) {
        SpoolException reason = new SpoolException(
                Reason.STORE_STOPPED,
                "the journal in " + directory + " cannot be written (" + cause
                        + "); make the disk well and restart the store",
                cause);
        Set<Append> lost = new LinkedHashSet<>();
        boolean first;
        lock.lock();
        try {
            first = failure == null;
            failure = first ? reason : failure;
            lost.addAll(unforced);
            lost.addAll(own);
            lost.addAll(queue);
            unforced = new ArrayList<>();
            queue = new ArrayList<>();
            pending = 0;
            work.signalAll();
            room.signalAll();
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            LOG.error("The store has stopped: {}", reason.getMessage(), cause);
            listener.stopped(reason); // Before all that may take a while on a broken disk.
            writer.abandon();
        }
        lost.forEach(append -> tellFailed(append, reason));
    }

    private static void tellFailed(Append append, SpoolException reason) {
        try {
            append.failed(reason);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener of the store threw", e);
        }
    }

    /** Waits until what stands at a place is written. */
    void awaitWritten(long position) throws IOException {
        if (position < written) {
            return;
        }
        lock.lock();
        try {
            while (position >= written) {
                if (failure != null || closing || isOurs()) {
                    throw new IOException("not written: " + Position.text(position));
                }
                arrival.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes and forces what is pending and ends the threads, within about ten seconds; true if all is durable. */
    boolean close() {
        lock.lock();
        try {
            closing = true;
            work.signalAll();
            room.signalAll();
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
        if (!join()) {
            LOG.error("The journal in {} does not end; it will be recovered at the next start", directory);
            fail(List.of(), new IOException("it did not end in time")); // Nobody is told anything any more.
            return false;
        }
        if (failure() != null) {
            return false;
        }
        try {
            writer.close();
            return true;
        } catch (IOException e) {
            LOG.error("The journal in {} was not closed cleanly; it will be recovered at the next start", directory, e);
            return false;
        }
    }

    private boolean join() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        boolean interrupted = false;
        for (Thread thread : threads) {
            boolean ended = false;
            while (!ended) {
                try {
                    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
