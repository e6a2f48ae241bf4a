package io.spooler.core.deliver;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.complete.Settler;
import io.spooler.core.lane.Lanes;
import io.spooler.core.lane.Task;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.route.Planner;
import io.spooler.core.route.RetryPolicy;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes the open recipients of a message, puts them in line, and turns what transports say into new states. Runs on the
 * loop.
 */
public final class Delivery implements Courier.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Clock clock;
    private final RandomGenerator random;
    private final Supplier<Snapshot> present;
    private final Supplier<Settings> settings;
    private final Settler settler;
    private final Consumer<ActiveMessage> prepare;
    private final Runnable room;
    private final Lanes lanes;
    private final Courier courier;
    private boolean stopping;

    /**
     * What can be set.
     *
     * @param retry when to try again
     * @param restFirst first rest of a lane that fails
     * @param restMost longest rest
     * @param timeout time for one consignment
     * @param grace time for a leaving transport to finish
     */
    public record Settings(
            RetryPolicy retry, Duration restFirst, Duration restMost, Duration timeout, Duration grace) {}

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param random for jitter
     * @param present what is present
     * @param settings as they are now
     * @param settler records
     * @param prepare takes a message whose preprocessors have to run, and brings it back to {@link #offer}
     * @param room called when work has ended
     */
    public Delivery(
            Loop loop,
            Clock clock,
            RandomGenerator random,
            Supplier<Snapshot> present,
            Supplier<Settings> settings,
            Settler settler,
            Consumer<ActiveMessage> prepare,
            Runnable room) {
        this.clock = clock;
        this.random = random;
        this.present = present;
        this.settings = settings;
        this.settler = settler;
        this.prepare = prepare;
        this.room = room;
        Settings now = settings.get();
        this.lanes = new Lanes(clock, now.restFirst(), now.restMost(), this::start);
        this.courier = new Courier(loop, clock, now.timeout(), this);
    }

    /** Settings have changed. */
    public void configure() {
        Settings now = settings.get();
        lanes.configure(now.restFirst(), now.restMost());
        courier.configure(now.timeout());
    }

    /**
     * Routes recipients and puts them in line, or records why not. If the preprocessors have to run first, nothing else
     * happens yet.
     *
     * @param message in work
     * @param numbers open recipients
     */
    public void offer(ActiveMessage message, List<Integer> numbers) {
        if (stopping || message.isDropped() || numbers.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Map<Line, List<Integer>> groups = new LinkedHashMap<>();
        List<Transition> records = new ArrayList<>();
        for (int number : numbers) {
            RecipientStatus status = message.recipient(number);
            Planner.Plan plan = Planner.plan(
                    status,
                    message.message(),
                    message.declined(number),
                    present.get(),
                    settings.get().retry(),
                    now);
            if (plan instanceof Planner.Offer offer) {
                group(groups, message, number, offer.transport());
            } else if (plan instanceof Planner.Note r) {
                records.add(new Transition(number, r.state(), false, r.due(), null, r.reply()));
            }
        }
        if (!groups.isEmpty() && message.needsPreparation()) {
            prepare.accept(message);
            return;
        }
        groups.forEach((line, group) -> queue(new Task(message, group, line.transport, line.lane), records));
        record(message, records);
        lanes.dispatch();
    }

    private static void group(
            Map<Line, List<Integer>> groups, ActiveMessage message, int number, TransportEntry transport) {
        String lane;
        try {
            lane = transport
                    .provider()
                    .lane(message.recipient(number).recipient().address());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to name a lane", transport.name(), e);
            lane = "";
        }
        groups.computeIfAbsent(new Line(transport, lane), line -> new ArrayList<>())
                .add(number);
    }

    /** Compared by service id: to hash all that an entry holds, for each recipient, would cost more than to route it. */
    private record Line(TransportEntry transport, String lane) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Line line && line.transport.id() == transport.id() && line.lane.equals(lane);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(transport.id()) * 31 + lane.hashCode();
        }
    }

    private void queue(Task task, List<Transition> records) {
        Instant rest = lanes.offer(task);
        if (rest != null) {
            task.recipients().forEach(number -> records.add(resting(task, number, rest)));
        }
    }

    /** Not attempted: the destination rests, the recipient waits with it. The last reply stays. */
    private static Transition resting(Task task, int number, Instant until) {
        Reply reply = task.message().recipient(number).reply() != null
                ? null
                : new Reply(
                        "4.4.1", task.transport().name() + " cannot reach its destination; waits for its next probe");
        return new Transition(
                number, RecipientState.DEFERRED, false, until, task.transport().name(), reply);
    }

    private void record(ActiveMessage message, List<Transition> transitions) {
        if (!transitions.isEmpty()) {
            settler.settle(message, List.copyOf(transitions), room);
        }
    }

    /** A lane gives the sign: only what is still open goes out, and only under a lease that lasts. */
    private void start(Task queued) {
        ActiveMessage message = queued.message();
        List<Integer> open = message.isDropped()
                ? List.of()
                : queued.recipients().stream().filter(message.open()::contains).toList();
        Task task = new Task(message, open, queued.transport(), queued.lane());
        Instant now = clock.instant();
        if (open.isEmpty()) {
            lanes.finished(task, Lanes.Result.UNDECIDED);
        } else if (now.plus(settings.get().timeout()).isAfter(message.claim().until())) {
            lanes.finished(task, Lanes.Result.UNDECIDED);
            record(message, open.stream().map(number -> ready(number, now)).toList());
        } else {
            courier.start(task);
        }
    }

    private static Transition ready(int number, Instant now) {
        return new Transition(number, RecipientState.READY, false, now, null, null);
    }

    @Override
    public void done(Task task, @Nullable List<Outcome> outcomes, boolean gone) {
        ActiveMessage message = task.message();
        Outcomes read = Outcomes.read(task, outcomes, gone, settings.get().retry(), clock.instant(), random);
        List<Transition> transitions = new ArrayList<>(read.transitions());
        Outcome.Deferred obstacle = read.obstacle();
        if (obstacle != null) {
            boolean whole = obstacle.scope() == Outcome.Scope.TRANSPORT;
            Lanes.Rest rest = lanes.failed(task, whole, obstacle.retryAfter());
            behind(task, read, obstacle, rest.until(), transitions);
            LOG.warn(
                    "{} cannot reach {}: {}; next probe at {}",
                    task.transport().name(),
                    task.lane().isEmpty() ? "its destination" : task.lane(),
                    obstacle.reply(),
                    rest.until());
            rest.queued().forEach(queued -> record(queued.message(), restingAll(queued, rest.until())));
        }
        read.declined()
                .forEach(number -> message.decline(number, task.transport().id()));
        if (transitions.isEmpty()) {
            ended(task, obstacle == null, read.reached());
        } else {
            // The slot is free only once the outcome is recorded (reliability 1.3).
            settler.settle(message, transitions, () -> ended(task, obstacle == null, read.reached()));
        }
        offer(message, read.declined());
    }

    private void behind(
            Task task, Outcomes read, Outcome.Deferred obstacle, Instant until, List<Transition> transitions) {
        List<Integer> told = transitions.stream().map(Transition::recipient).toList();
        for (int number : task.recipients()) {
            if (!told.contains(number) && !read.declined().contains(number)) {
                transitions.add(Outcomes.behind(task, number, obstacle, until));
            }
        }
    }

    private List<Transition> restingAll(Task task, Instant until) {
        List<Integer> open = task.message().open();
        return task.recipients().stream()
                .filter(open::contains)
                .map(number -> resting(task, number, until))
                .toList();
    }

    private void ended(Task task, boolean slot, boolean reached) {
        if (slot) {
            lanes.finished(task, reached ? Lanes.Result.REACHED : Lanes.Result.UNDECIDED);
        }
        lanes.dispatch();
        room.run();
    }

    /** What is present has changed: everything in line is routed anew. */
    public void reroute() {
        offerAgain(lanes.drain());
    }

    private void offerAgain(List<Task> queued) {
        for (Task task : queued) {
            List<Integer> open = task.message().open();
            offer(
                    task.message(),
                    task.recipients().stream().filter(open::contains).toList());
        }
        lanes.dispatch();
    }

    /**
     * A transport has left: what it works on is recalled, and nothing of it is kept.
     *
     * @param transport service id
     */
    public void left(long transport) {
        courier.recall(
                task -> task.transport().id() == transport, settings.get().grace());
        offerAgain(lanes.forget(transport));
    }

    /**
     * A store has left, or its claims do not hold: nothing can be recorded.
     *
     * @param store service id
     */
    public void storeLeft(long store) {
        courier.recall(
                task -> task.message().store().id() == store, settings.get().grace());
    }

    /** The core stops: everything is recalled, and what is in line does not begin any more. */
    public void stop() {
        stopping = true;
        lanes.drain();
        courier.recall(task -> true, settings.get().grace());
    }

    /** Ends all rests of destinations. */
    public void wake() {
        lanes.wake();
    }

    /**
     * Ends the rests of one transport.
     *
     * @param transport service id
     */
    public void wake(long transport) {
        lanes.wake(transport);
    }

    /**
     * Until when a destination rests.
     *
     * @param transport service id
     * @param lane its name
     * @return the time of the next probe, or null if it does not rest
     */
    public @Nullable Instant restsUntil(long transport, String lane) {
        return lanes.restsUntil(transport, lane);
    }

    /**
     * How many consignments one transport works on.
     *
     * @param transport service id
     * @return a number
     */
    public int inFlight(long transport) {
        return lanes.inFlight(transport);
    }

    /**
     * How many consignments are under way.
     *
     * @return a number
     */
    public int inFlight() {
        return courier.inFlight();
    }
}
