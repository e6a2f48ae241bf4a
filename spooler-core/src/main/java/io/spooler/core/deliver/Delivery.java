package io.spooler.core.deliver;

import io.spooler.Address;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Allowance;
import io.spooler.core.claim.Suspects;
import io.spooler.core.complete.Settler;
import io.spooler.core.lane.LaneSettings;
import io.spooler.core.lane.Lanes;
import io.spooler.core.lane.Task;
import io.spooler.core.loop.Jumps;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.route.Planner;
import io.spooler.core.route.Retries;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    private final Supplier<Snapshot> present;
    private final Supplier<Settings> settings;
    private final Settler settler;
    private final Suspects suspects;
    private final Consumer<ActiveMessage> prepare;
    private final Runnable room;
    private final Lanes lanes;
    private final Courier courier;
    private final Allowance allowance;
    private final Deferrals deferrals;
    private final Health health;
    private final Hours hours;
    private boolean stopping;

    /**
     * What can be set.
     *
     * @param lanes rests, limits and rates
     * @param limits how long a recipient waits for a transport
     * @param timeout time for one consignment
     * @param grace time for a leaving transport to finish
     */
    public record Settings(LaneSettings lanes, Planner.Limits limits, Duration timeout, Duration grace) {}

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param jumps notices jumps of the clock
     * @param retries says when to try again
     * @param present what is present
     * @param settings as they are now
     * @param settler records
     * @param space how much room there is for work
     * @param allowance how much may be sent away for want of room
     * @param health how the transports are
     * @param suspects says what may begin
     * @param prepare takes a message whose preprocessors have to run, and brings it back to {@link #offer}
     * @param room called when work has ended
     */
    public Delivery(
            Loop loop,
            Clock clock,
            Jumps jumps,
            Retries retries,
            Supplier<Snapshot> present,
            Supplier<Settings> settings,
            Settler settler,
            Supplier<Lanes.Room> space,
            Allowance allowance,
            Health health,
            Suspects suspects,
            Consumer<ActiveMessage> prepare,
            Runnable room) {
        this.clock = clock;
        this.present = present;
        this.settings = settings;
        this.settler = settler;
        this.suspects = suspects;
        this.prepare = prepare;
        this.room = room;
        this.lanes = new Lanes(loop, () -> settings.get().lanes(), space, this::start);
        this.courier = new Courier(loop, clock, settings.get().timeout(), this);
        this.allowance = allowance;
        this.deferrals = new Deferrals(jumps, retries);
        this.health = health;
        this.hours = new Hours(() -> settings.get().lanes(), clock);
    }

    /** Settings have changed. */
    public void configure() {
        courier.configure(settings.get().timeout());
    }

    /**
     * Routes recipients and puts them in line, or records why not. If the preprocessors have to run first, nothing else
     * happens yet.
     *
     * @param message in work
     * @param numbers open recipients
     */
    public void offer(ActiveMessage message, List<Integer> numbers) {
        if (message.isCancelled() && !message.isDropped()) {
            record(message, Deferrals.cancelled(numbers));
            return;
        }
        if (stopping || message.isDropped() || numbers.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Groups groups = new Groups(message);
        List<Transition> records = new ArrayList<>();
        for (int number : numbers) {
            RecipientStatus status = message.recipient(number);
            Planner.Plan plan = Planner.plan(
                    status,
                    message.message(),
                    message.declined(number),
                    present.get(),
                    settings.get().limits(),
                    now);
            if (plan instanceof Planner.Offer offer) {
                groups.add(number, offer.transport());
            } else if (plan instanceof Planner.Note r) {
                records.add(new Transition(number, r.state(), false, r.due(), null, r.reply(), r.renewed()));
            }
        }
        if (!groups.isEmpty() && message.needsPreparation()) {
            if (suspects.mayBegin(message, () -> offer(message, message.open(numbers)))) {
                prepare.accept(message);
            }
            return;
        }
        groups.tasks().forEach(task -> queue(task, records));
        record(message, records);
        lanes.dispatch();
    }

    private void queue(Task task, List<Transition> records) {
        Lanes.Refusal closed = hours.refusal(task);
        Lanes.Refusal refusal = closed == null ? lanes.offer(task) : closed;
        if (refusal != null) {
            if (refusal.why() == Lanes.Why.FULL) {
                allowance.spend(task.recipients().size());
            }
            records.addAll(deferrals.turnedAway(task, task.recipients(), refusal));
        }
        allowance.rest(lanes.enough(task));
    }

    private void record(ActiveMessage message, List<Transition> transitions) {
        if (!transitions.isEmpty()) {
            settler.settle(message, List.copyOf(transitions), room);
        }
    }

    /** A lane gives the sign: only what is still open goes out, and only under a lease that lasts. Says how many. */
    private int start(Task queued) {
        ActiveMessage message = queued.message();
        List<Integer> open = message.isDropped() ? List.of() : message.open(queued.recipients());
        Task task = new Task(message, open, queued.transport(), queued.lane());
        Instant now = clock.instant();
        Lanes.Refusal closed = open.isEmpty() ? null : hours.refusal(task);
        String trouble = open.isEmpty() ? null : health.trouble(task.transport());
        if (open.isEmpty()) {
            lanes.finished(task, Lanes.Result.UNDECIDED);
        } else if (closed != null) {
            // Its window has closed while it stood in line.
            lanes.finished(task, Lanes.Result.UNDECIDED);
            turnAway(task, closed);
        } else if (trouble != null) {
            Lanes.Rest rest = obstructed(task, true, null, new Reply("4.3.5", "cannot work: " + trouble));
            turnAway(task, refusal(rest));
        } else if (now.plus(settings.get().timeout()).isAfter(message.claim().until())) {
            lanes.finished(task, Lanes.Result.UNDECIDED);
            record(message, open.stream().map(number -> ready(number, now)).toList());
        } else if (suspects.mayBegin(message, () -> offer(message, message.open(open)))) {
            message.begin();
            courier.start(task);
            return open.size();
        } else {
            lanes.finished(task, Lanes.Result.UNDECIDED);
        }
        return 0;
    }

    private static Transition ready(int number, Instant now) {
        return new Transition(number, RecipientState.READY, false, now, null, null);
    }

    @Override
    public void done(Task task, @Nullable List<Outcome> outcomes, boolean gone) {
        ActiveMessage message = task.message();
        Outcomes read = Outcomes.read(
                task, outcomes, gone, (number, deferred) -> deferrals.alone(task, number, deferred), clock.instant());
        List<Transition> transitions = new ArrayList<>(read.transitions());
        Outcome.Deferred obstacle = read.obstacle();
        if (obstacle != null) {
            boolean whole = obstacle.scope() == Outcome.Scope.TRANSPORT;
            health.obstructed(task.transport(), obstacle.reply());
            Lanes.Rest rest = obstructed(task, whole, obstacle.retryAfter(), obstacle.reply());
            read.behind(task, number -> transitions.add(deferrals.behind(task, number, obstacle, rest)));
        }
        read.declined()
                .forEach(number -> message.decline(number, task.transport().id()));
        if (message.isCancelled()) {
            transitions.replaceAll(Deferrals::unserved);
        }
        if (transitions.isEmpty()) {
            ended(task, obstacle == null, read.reached());
        } else {
            // The slot is free only once the outcome is recorded (reliability 1.3).
            settler.settle(message, transitions, () -> ended(task, obstacle == null, read.reached()));
        }
        offer(message, read.declined());
    }

    /** A destination, or a whole transport, is out of reach: it rests, and what stands in line for it is deferred. */
    private Lanes.Rest obstructed(Task task, boolean whole, @Nullable Duration retryAfter, Reply reply) {
        Lanes.Rest rest = lanes.failed(task, whole, retryAfter);
        LOG.warn(
                "{} cannot reach {}: {}; next probe in {}",
                task.transport().name(),
                task.lane().isEmpty() ? "its destination" : task.lane(),
                reply,
                rest.pause());
        rest.queued().forEach(queued -> turnAway(queued, refusal(rest)));
        return rest;
    }

    private static Lanes.Refusal refusal(Lanes.Rest rest) {
        return new Lanes.Refusal(Lanes.Why.RESTS, rest.pause(), rest.probes());
    }

    private void turnAway(Task task, Lanes.Refusal refusal) {
        List<Integer> open = task.message().open(task.recipients());
        record(task.message(), deferrals.turnedAway(task, open, refusal));
    }

    private void ended(Task task, boolean slot, boolean reached) {
        if (reached) {
            allowance.earn(task.recipients().size());
            health.reached(task.transport());
        }
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
            offer(task.message(), task.message().open(task.recipients()));
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
        health.left(transport);
        offerAgain(lanes.forget(transport));
    }

    /**
     * A message is cancelled while something works on it: its transports are asked to stop (R44).
     *
     * @param message in work
     */
    public void cancel(ActiveMessage message) {
        message.cancel();
        courier.cancel(task -> task.message() == message);
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
        pause();
        courier.recall(task -> true, settings.get().grace());
    }

    /** Nothing begins any more; what is under way goes on. What was in line is in none now, and still claimed. */
    public void pause() {
        stopping = true;
        lanes.drain();
        suspects.forget();
    }

    /**
     * Ends a pause.
     *
     * @param messages what is in work: what of it nobody works on is put in line
     */
    public void proceed(Collection<ActiveMessage> messages) {
        stopping = false;
        messages.forEach(message ->
                offer(message, message.open().stream().filter(message::isFree).toList()));
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
     * Ends the rest of a transport as a whole, and of its destination for an address (R42).
     *
     * @param transport its name; without effect if there is none of that name
     * @param address of a recipient
     */
    public void wake(String transport, Address address) {
        present.get().transports().stream()
                .filter(entry -> entry.name().equals(transport))
                .forEach(entry -> lanes.wake(entry.id(), Groups.lane(entry, address)));
    }

    /**
     * Lets nothing go to a transport or to one of its destinations any more; what is under way ends. Not durable.
     *
     * @param target a transport, present or not, or one of its destinations
     * @return false if it was suspended before
     */
    public boolean suspend(Target target) {
        Optional<List<Task>> queued = lanes.suspend(target);
        queued.ifPresent(this::offerAgain);
        return queued.isPresent();
    }

    /**
     * Ends a suspension. What was deferred meanwhile is not looked for here.
     *
     * @param target as it was suspended
     * @return true if there was one
     */
    public boolean resume(Target target) {
        return lanes.resume(target);
    }

    /**
     * Tells whether a recipient was deferred because of a suspension. Any thread.
     *
     * @param target what was suspended
     * @param status of the recipient
     * @return true if it has nothing else to wait for
     */
    public boolean isDeferredBy(Target target, RecipientStatus status) {
        Reply reply = status.reply();
        return status.state() == RecipientState.DEFERRED
                && target.transport().equals(status.transport())
                && reply != null
                && Deferrals.isSuspended(target.transport(), reply)
                && (target.lane() == null || isIn(target, status.recipient().address()));
    }

    private boolean isIn(Target target, Address address) {
        return present.get().transports().stream()
                .anyMatch(entry -> entry.name().equals(target.transport())
                        && Groups.lane(entry, address).equals(target.lane()));
    }

    /**
     * What is suspended.
     *
     * @return a copy, in order
     */
    public List<Target> suspended() {
        return lanes.suspended();
    }

    /**
     * Tells whether nothing may go to a destination.
     *
     * @param transport name of the transport
     * @param lane name of the destination
     * @return true if it, or its whole transport, is suspended
     */
    public boolean isSuspended(String transport, String lane) {
        return lanes.isSuspended(transport, lane);
    }

    /**
     * Until when a destination rests.
     *
     * @param transport service id
     * @param lane its name
     * @return the time of the next probe, or null if it does not rest
     */
    public @Nullable Instant restsUntil(long transport, String lane) {
        Duration rest = lanes.restsFor(transport, lane);
        return rest.isZero() ? null : clock.instant().plus(rest);
    }

    /**
     * Until when nothing may begin for a destination.
     *
     * @param transport name of the transport
     * @param lane name of the destination
     * @return when its delivery window opens, or null if it is open
     */
    public @Nullable Instant closedUntil(String transport, String lane) {
        return hours.closedUntil(transport, lane);
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
