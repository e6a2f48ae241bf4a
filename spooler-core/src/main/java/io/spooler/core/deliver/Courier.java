package io.spooler.core.deliver;

import io.spooler.Reply;
import io.spooler.core.lane.Task;
import io.spooler.core.loop.Loop;
import io.spooler.transport.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands consignments to transports and brings their outcomes back to the loop, exactly once each, whatever the transport
 * does: throws, answers nonsense, answers late or never, leaves. Runs on the loop.
 */
public final class Courier {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Loop loop;
    private final Clock clock;
    private final Receiver receiver;
    private final Set<Flight> flights = new LinkedHashSet<>();
    private Duration timeout;
    private boolean sweeping;

    /** Takes what came of a consignment. */
    public interface Receiver {

        /**
         * Called on the loop.
         *
         * @param task which
         * @param outcomes one per recipient of the task; null if it was handed back untouched
         * @param gone true if the transport was asked to stop this consignment
         */
        void done(Task task, @Nullable List<Outcome> outcomes, boolean gone);
    }

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time of day that transports are told
     * @param timeout how long a transport may take
     * @param receiver takes the outcomes
     */
    public Courier(Loop loop, Clock clock, Duration timeout, Receiver receiver) {
        this.loop = loop;
        this.clock = clock;
        this.timeout = timeout;
        this.receiver = receiver;
    }

    /**
     * Takes a new time limit for consignments that start from now on.
     *
     * @param limit how long a transport may take
     */
    public void configure(Duration limit) {
        timeout = limit;
    }

    /**
     * Starts a consignment.
     *
     * @param task what to do
     */
    public void start(Task task) {
        task.message().offer(task.recipients(), true);
        // The transport is told a time of day; what is waited for is an interval.
        Parcel parcel = new Parcel(task, clock.instant().plus(timeout));
        Flight flight = new Flight(task, parcel, loop.nanos() + timeout.toNanos());
        flights.add(flight);
        watch();
        try {
            CompletionStage<List<Outcome>> stage = task.transport().provider().deliver(flight.parcel);
            stage.whenComplete((outcomes, error) -> loop.execute(() -> answered(flight, outcomes, error)));
        } catch (RuntimeException | LinkageError e) {
            loop.execute(() -> answered(flight, null, e));
        }
    }

    private void answered(Flight flight, @Nullable List<Outcome> outcomes, @Nullable Throwable error) {
        if (!flights.remove(flight)) {
            LOG.debug("{}: late answer of {} ignored", flight.task.message().id(), name(flight));
            return;
        }
        int expected = flight.task.recipients().size();
        List<Outcome> result = outcomes;
        if (error != null || outcomes == null || outcomes.size() != expected || hasNull(outcomes)) {
            LOG.error(
                    "{}: transport {} failed: {}",
                    flight.task.message().id(),
                    name(flight),
                    error == null ? "wrong number of outcomes" : error.toString(),
                    error);
            result = all(flight, "the transport failed: " + (error == null ? "no outcome" : error));
        }
        end(flight, result, flight.parcel.isCancelled());
    }

    /** Not by contains: a list that takes no null may throw when it is asked for one. */
    private static boolean hasNull(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (Objects.isNull(outcome)) {
                return true;
            }
        }
        return false;
    }

    private void end(Flight flight, @Nullable List<Outcome> outcomes, boolean gone) {
        String server = flight.parcel.server();
        if (server != null) {
            flight.task.message().servedBy(flight.task.recipients(), server);
        }
        receiver.done(flight.task, outcomes, gone);
    }

    private static List<Outcome> all(Flight flight, String why) {
        Outcome outcome = new Outcome.Deferred(Outcome.Scope.TRANSPORT, null, new Reply("4.3.0", why));
        return Collections.nCopies(flight.task.recipients().size(), outcome);
    }

    /** A cheap look at all deadlines now and then: no timer per consignment. */
    private void watch() {
        if (!sweeping) {
            sweeping = true;
            loop.after(SWEEP, this::sweep);
        }
    }

    private void sweep() {
        sweeping = false;
        long now = loop.nanos();
        for (Flight flight : List.copyOf(flights)) {
            if (now - flight.end > 0) {
                LOG.warn("{}: no answer of {} in time", flight.task.message().id(), name(flight));
                flights.remove(flight);
                cancel(flight);
                end(flight, all(flight, "the transport did not answer in time"), false);
            }
        }
        if (!flights.isEmpty()) {
            watch();
        }
    }

    /**
     * Asks transports to stop what they do; what is not answered within the grace time is handed back.
     *
     * @param which the consignments
     * @param grace how long to wait for answers
     */
    public void recall(Predicate<Task> which, Duration grace) {
        List<Flight> recalled =
                flights.stream().filter(flight -> which.test(flight.task)).toList();
        if (recalled.isEmpty()) {
            return;
        }
        recalled.forEach(this::cancel);
        loop.after(grace, () -> giveUp(recalled));
    }

    /**
     * Asks transports to stop what they do, and goes on to wait for their answers.
     *
     * @param which the consignments
     */
    public void cancel(Predicate<Task> which) {
        flights.stream().filter(flight -> which.test(flight.task)).toList().forEach(this::cancel);
    }

    private void giveUp(Collection<Flight> recalled) {
        for (Flight flight : recalled) {
            if (flights.remove(flight)) {
                LOG.warn(
                        "{}: {} left without an answer; tried again, possibly a duplicate",
                        flight.task.message().id(),
                        name(flight));
                end(flight, null, true);
            }
        }
    }

    private void cancel(Flight flight) {
        try {
            flight.parcel.cancel();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("transport {} failed to cancel", name(flight), e);
        }
    }

    private static String name(Flight flight) {
        return flight.task.transport().name();
    }

    /**
     * How many consignments are under way.
     *
     * @return a number
     */
    public int inFlight() {
        return flights.size();
    }

    /** Identity matters: not a record. */
    private static final class Flight {

        private final Task task;
        private final Parcel parcel;
        private final long end;

        private Flight(Task task, Parcel parcel, long end) {
            this.task = task;
            this.parcel = parcel;
            this.end = end;
        }
    }
}
