package io.spooler.imap;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into one remote mailbox again and again, while the spooler takes messages in (R51), and carries nothing. What goes
 * wrong is told by the status, and tried again after a time that doubles.
 *
 * <p>Threads: while there is a connection one, {@code spooler-NAME}; in between none. All methods may be called on any
 * thread; one lock, its own, under which nobody is called but the alarm.
 */
final class Fetcher implements TransportProvider, AutoCloseable {

    /** The first rest behind a failure. */
    static final Duration FIRST = Duration.ofSeconds(5);

    /** The longest; at once where only an administrator can help. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final long CLOSE_MILLIS = 10_000;
    private static final int MOST_DOUBLINGS = 16;

    private final String name;
    private final Alarm alarm;
    private final Clock clock;
    private final Supplier<@Nullable Mailboxes> mailboxes;
    private final Notes notes = new Notes(); // used by the visit alone, but for orders and other settings
    private final List<CompletableFuture<Boolean>> flushes = new ArrayList<>();
    private final List<CompletableFuture<TransportStatus>> checks = new ArrayList<>();
    private @Nullable Account account;
    private @Nullable Inlet inlet;
    private @Nullable Visit visit;
    private @Nullable Thread thread;
    private @Nullable Runnable rest;
    private boolean closed;
    private boolean due;
    private int failures;
    private long fetched;
    private TransportStatus status = new TransportStatus(Condition.OFFLINE, "not configured");

    /**
     * Does nothing before it has settings and an inlet.
     *
     * @param name of the transport
     * @param alarm ends rests
     * @param clock tells when a look was
     * @param mailboxes where headers are, if they are there at present
     */
    Fetcher(String name, Alarm alarm, Clock clock, Supplier<@Nullable Mailboxes> mailboxes) {
        this.name = name;
        this.alarm = alarm;
        this.clock = clock;
        this.mailboxes = mailboxes;
    }

    /** Takes settings; a visit under other ones ends behind its message. */
    synchronized void apply(Account changed) {
        account = changed;
        notes.again();
        failures = 0;
        status = new TransportStatus(Condition.OFFLINE, changed.server() + ": not looked yet");
        if (visit != null) {
            visit.end();
        }
        begin();
    }

    /** The settings were refused. */
    synchronized void refuse(String why) {
        if (account == null) {
            status = new TransportStatus(Condition.FAILED, why);
        }
    }

    @Override
    public synchronized void openInbound(Inlet opened) {
        inlet = opened;
        begin();
    }

    @Override
    public synchronized void closeInbound() {
        inlet = null;
        cancelRest();
        if (visit != null) {
            visit.end();
        }
    }

    private void cancelRest() {
        if (rest != null) {
            rest.run();
            rest = null;
        }
    }

    /** A visit now, or behind the one that goes on. */
    private void begin() {
        cancelRest();
        due = true;
        if (visit != null || closed || account == null || (inlet == null && checks.isEmpty())) {
            return;
        }
        due = false;
        Account now = account;
        Visit next = new Visit(name, now, inlet, mailboxes, notes, this::looked);
        visit = next;
        thread = new Thread(() -> go(next, now), "spooler-" + name);
        thread.start();
    }

    private void go(Visit going, Account with) {
        TransportStatus found = null;
        try {
            going.run();
            found = new TransportStatus(Condition.AVAILABLE, "");
        } catch (Refused e) {
            found = new TransportStatus(e.isLogin() ? Condition.FAILED : Condition.OFFLINE, text(with, e));
        } catch (IOException | SpoolException e) {
            found = new TransportStatus(Condition.OFFLINE, text(with, e));
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a look failed", name, e);
            found = new TransportStatus(Condition.OFFLINE, text(with, e));
        } finally {
            ended(found == null ? new TransportStatus(Condition.OFFLINE, "") : found, with);
        }
    }

    private static String text(Account with, Throwable e) {
        boolean ours = e instanceof Refused || e instanceof SpoolException || e.getClass() == IOException.class;
        return with.server() + ": " + (ours ? e.getMessage() : e.toString());
    }

    private void looked(Round.Result result) {
        Runnable answers;
        synchronized (this) {
            failures = 0;
            fetched += result.fetched();
            status = new TransportStatus(Condition.AVAILABLE, told(result));
            answers = answers();
        }
        if (result.fetched() > 0) {
            LOG.info("{}: {} messages fetched", name, result.fetched());
        }
        answers.run();
    }

    /** To be given without the lock. */
    private Runnable answers() {
        TransportStatus now = status;
        List<CompletableFuture<TransportStatus>> told = List.copyOf(checks);
        List<CompletableFuture<Boolean>> done = List.copyOf(flushes);
        checks.clear();
        flushes.clear();
        return () -> {
            told.forEach(check -> check.complete(now));
            done.forEach(flush -> flush.complete(true));
        };
    }

    private String told(Round.Result result) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String server = account == null ? name : account.server();
        String left = result.left() == 0 ? "" : ", " + result.left() + " are left there, see the log";
        return server + ": looked at " + now + ", " + fetched + " fetched since the start" + left;
    }

    private void ended(TransportStatus found, Account with) {
        Runnable answers;
        synchronized (this) {
            boolean well = found.condition() == Condition.AVAILABLE;
            boolean wanted = with.equals(account) && inlet != null && !closed;
            visit = null;
            if (well || wanted || !checks.isEmpty()) {
                note(found, with, well);
            }
            answers = answers();
            proceed(well, with);
        }
        answers.run();
    }

    /** An error is told once, and not the end of a visit that was to end. */
    private void note(TransportStatus found, Account with, boolean well) {
        if (well) {
            if (status.condition() != Condition.AVAILABLE) {
                status = new TransportStatus(Condition.AVAILABLE, with.server() + ": can be reached");
            }
            failures = 0;
            return;
        }
        if (!status.text().equals(found.text())) {
            LOG.warn("{}: {}", name, found.text());
        }
        status = found;
        failures = found.condition() == Condition.FAILED ? MOST_DOUBLINGS : Math.min(failures + 1, MOST_DOUBLINGS);
    }

    private void proceed(boolean well, Account with) {
        if (closed || inlet == null) {
            return;
        }
        if (due || !with.equals(account)) {
            begin();
        } else {
            Duration delay = well ? with.interval() : backoff();
            rest = alarm.after(delay, this::ring);
        }
    }

    private synchronized void ring() {
        if (rest != null) {
            rest = null;
            begin();
        }
    }

    private Duration backoff() {
        Duration delay = FIRST.multipliedBy(1L << (failures - 1));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        return CompletableFuture.completedFuture(
                Collections.nCopies(consignment.recipients().size(), new Outcome.NotMine()));
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.of(Operation.INBOUND, Operation.VALIDATE, Operation.FLUSH);
    }

    @Override
    public synchronized TransportStatus status() {
        return status;
    }

    /** While there is a connection it says how things are; otherwise one is made. */
    @Override
    public synchronized CompletionStage<TransportStatus> validate() {
        if (closed || account == null || (visit != null && status.condition() == Condition.AVAILABLE)) {
            return CompletableFuture.completedFuture(status);
        }
        CompletableFuture<TransportStatus> check = new CompletableFuture<>();
        checks.add(check);
        if (visit == null) {
            begin();
        }
        return check;
    }

    @Override
    public synchronized CompletionStage<?> flushInbound() {
        if (closed || account == null || inlet == null) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> flush = new CompletableFuture<>();
        flushes.add(flush);
        notes.order();
        if (visit == null) {
            begin();
        } else {
            due = true; // Behind this visit, if it does not look again.
            visit.wake();
        }
        return flush;
    }

    /** Cuts the connection and waits for its thread, for ten seconds at most. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            inlet = null;
            cancelRest();
            last = thread;
            if (visit != null) {
                visit.cut();
            }
        }
        try {
            if (last != null) {
                last.join(CLOSE_MILLIS);
                if (last.isAlive()) {
                    LOG.warn("{}: the store or the network has not answered; its thread ends when they do", name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
