package io.spooler.core;

import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Allowance;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.StartWait;
import io.spooler.core.claim.Suspects;
import io.spooler.core.claim.Window;
import io.spooler.core.client.Entrance;
import io.spooler.core.client.Lists;
import io.spooler.core.client.Receipts;
import io.spooler.core.client.Submitter;
import io.spooler.core.complete.Completion;
import io.spooler.core.complete.Copier;
import io.spooler.core.complete.LateWatch;
import io.spooler.core.complete.Settler;
import io.spooler.core.control.Flushing;
import io.spooler.core.control.Gate;
import io.spooler.core.control.Probes;
import io.spooler.core.deliver.Announcements;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.deliver.Health;
import io.spooler.core.event.Events;
import io.spooler.core.lane.Lanes;
import io.spooler.core.loop.Clerks;
import io.spooler.core.loop.Jumps;
import io.spooler.core.loop.Limiter;
import io.spooler.core.loop.Loop;
import io.spooler.core.prepare.Preparation;
import io.spooler.core.prepare.Preparer;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Registry;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.report.Hearsay;
import io.spooler.core.report.Reporter;
import io.spooler.core.route.Planner;
import io.spooler.core.route.Retries;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a message, station by station: submit → pump → prepare → route → lane → courier → settle. Wires the
 * stations and follows what comes and goes; below this class nothing knows OSGi. All state belongs to the loop.
 */
final class Core {

    private static final Logger LOG = LoggerFactory.getLogger(Core.class);
    // What the last answers within the grace time say is to be recorded, too.
    private static final Duration RECORDS = Duration.ofSeconds(1);

    private final Loop loop;
    private final Clock clock;
    private final Registry registry;
    private final Window window = new Window();
    private final Suspects suspects = new Suspects();
    private final Entrance entrance;
    private final Doors doors;
    private final Receipts receipts;
    private final Hearsay hearsay;
    private final Pump pump;
    private final StartWait startWait;
    private final Announcements announcements;
    private final Preparation preparation;
    private final Settler settler;
    private final LateWatch lateWatch;
    private final Jumps jumps;
    private final Delivery delivery;
    private final Health health;
    private final Probes probes;
    private final Flushing flushing;
    private final Gate gate;
    private volatile CoreSettings settings;
    private final Follower follower;
    private @Nullable CompletableFuture<@Nullable Void> closing;

    Core(
            Loop loop,
            Clock clock,
            Executor workers,
            Executor clerkThreads,
            Registry registry,
            Events events,
            CoreSettings settings,
            String hostname) {
        this.loop = loop;
        this.clock = clock;
        this.registry = registry;
        this.settings = settings;
        Clerks clerks = new Clerks(clerkThreads);
        Allowance allowance = new Allowance(loop::nanos);
        this.pump = new Pump(loop, clock, window, registry::snapshot, limits(), allowance, this::take);
        this.startWait = new StartWait(loop, clock, this::begin);
        this.doors = new Doors(
                loop, registry::snapshot, workers, events, clock, () -> this.settings.receive(), this::announced);
        Submitter submitter = new Submitter(registry::snapshot, clock, events, doors, pump::request, this::isShut);
        Lists lists = new Lists(registry::snapshot);
        this.entrance = new Entrance(submitter, lists, clock, () -> this.settings.undoWindow());
        this.receipts = new Receipts(
                submitter,
                clock,
                hostname,
                () -> this.settings.receive().readReports(),
                () -> this.settings.reports().language());
        this.hearsay = new Hearsay(loop, clock, registry::snapshot, events);
        Reporter reporter = new Reporter(clock, clerks, hostname, submitter, () -> this.settings.reports());
        Limiter limiter = new Limiter(loop, workers, () -> this.settings.hookTimeout());
        Copier copier = new Copier(loop, clock, window, clerks);
        Completion completion = new Completion(limiter, copier, registry::snapshot);
        this.settler = new Settler(loop, clock, window, events, reporter, completion);
        this.lateWatch = new LateWatch(
                loop,
                clock,
                clerks,
                window,
                pump,
                settler,
                registry::snapshot,
                () -> this.settings.reports().delay());
        this.preparation = new Preparation(
                loop, limiter, new Preparer(extra -> submitter.begin(lists.expand(extra))), new Prepared());
        this.jumps = new Jumps(clock, loop::nanos);
        this.health = new Health(loop, clock, events);
        this.delivery = new Delivery(
                loop,
                clock,
                jumps,
                new Retries(registry::snapshot, () -> this.settings.retry()),
                registry::snapshot,
                this::deliverySettings,
                settler,
                this::room,
                allowance,
                health,
                suspects,
                message -> preparation.start(message, registry.snapshot()),
                this::workEnded);
        this.announcements = new Announcements(loop, clock, window, pump, settler, delivery::wake);
        this.probes = new Probes(loop, registry::snapshot, health, this::admit);
        this.flushing = new Flushing(
                loop, clock, registry::snapshot, window, pump, delivery, () -> this.settings.deliveryTimeout());
        this.gate = new Gate(loop, clock, registry::snapshot, window, new Working(), flushing);
        this.follower = new Follower(window, doors, health, delivery, pump, startWait, gate::status);
    }

    /** Nobody is served beside the lines where nothing goes out of a line: before routing has begun (R10), and by order. */
    private boolean isShut(String transport, String lane) {
        return startWait.until() != null
                || !gate.isSending()
                || delivery.isSuspended(transport, lane)
                || delivery.closedUntil(transport, lane) != null;
    }

    private Pump.Limits limits() {
        return new Pump.Limits() {
            @Override
            public int window() {
                return settings.window();
            }

            @Override
            public Duration lease() {
                return settings.lease();
            }
        };
    }

    private Lanes.Room room() {
        return new Lanes.Room(settings.window(), settings.window() - window.recipients());
    }

    private Delivery.Settings deliverySettings() {
        CoreSettings s = settings;
        return new Delivery.Settings(
                s.lanes(), new Planner.Limits(s.maxWait(), s.retry().maxAge()), s.deliveryTimeout(), s.grace());
    }

    /** Begins to follow what is present, and to work. */
    void open() {
        registry.order(settings.transports());
        registry.listen(snapshot -> loop.execute(() -> follow(snapshot)));
        loop.execute(() -> {
            lateWatch.start();
            startWait.start(settings.startWait(), follower.present());
        });
    }

    /** Everything that was to be waited for is here, or declared absent. */
    private void begin() {
        StartWait.missing(follower.present())
                .forEach(name -> LOG.warn(
                        "transport {} has not appeared within {}; routing begins without it",
                        name,
                        settings.startWait()));
        pump.start();
    }

    /** New settings, from now on. Any thread. */
    void configure(CoreSettings next) {
        settings = next;
        registry.order(next.transports());
        loop.execute(() -> {
            delivery.configure();
            lateWatch.start();
            pump.request();
        });
    }

    /** A message has been claimed. */
    private void take(ActiveMessage message) {
        jumps.look();
        if (message.message().isFinal()) {
            settler.complete(message);
        } else if (message.message().crashes() >= Suspects.MOST_CRASHES) {
            hold(message);
        } else {
            delivery.offer(message, message.open());
        }
    }

    private void hold(ActiveMessage message) {
        String why = "the process ended " + Suspects.MOST_CRASHES + " times in a row during its delivery";
        LOG.error("{} is held: {}", message.id(), why);
        settleAll(message, RecipientState.HELD, null, new Reply("4.3.0", "held: " + why + "; release it to retry"));
    }

    private void settleAll(ActiveMessage message, RecipientState state, @Nullable Instant due, Reply reply) {
        List<Transition> transitions = new ArrayList<>();
        message.open().forEach(number -> transitions.add(new Transition(number, state, false, due, null, reply)));
        settler.settle(message, transitions, this::workEnded);
    }

    private void announced(String transport, SpoolId message) {
        loop.execute(() -> {
            if (closing == null) {
                announcements.announced(transport, message);
            }
        });
    }

    private void workEnded() {
        CompletableFuture<@Nullable Void> end = closing;
        if (end == null) {
            suspects.next();
            pump.request();
        } else if (delivery.inFlight() == 0) {
            settler.whenIdle(() -> end.complete(null));
        }
    }

    /** What comes back from the preprocessors. */
    private final class Prepared implements Preparation.Next {

        @Override
        public void prepared(ActiveMessage message, List<Transition> refused) {
            List<Integer> left = new ArrayList<>(message.open());
            if (!refused.isEmpty()) {
                settler.settle(message, refused, Core.this::workEnded);
                left.removeAll(refused.stream().map(Transition::recipient).toList());
            }
            delivery.offer(message, left);
            if (!message.isBusy() && message.openCount() > 0) {
                message.rest(); // In line: most go on at once, and need no record of a rest.
            }
            suspects.next();
        }

        @Override
        public void failed(ActiveMessage message, Reply reply) {
            if (message.isCancelled()) {
                delivery.offer(message, message.open());
                return;
            }
            Instant due = clock.instant().plus(settings.retry().first());
            settleAll(message, RecipientState.DEFERRED, due, reply);
        }

        @Override
        public void lost(ActiveMessage message) {
            window.drop(message);
            workEnded();
        }
    }

    /** What closes and opens by order. */
    private final class Working implements Gate.Works {

        @Override
        public void pause() {
            pump.hold(true);
            delivery.pause();
        }

        @Override
        public void closeInbound() {
            doors.close(follower.present().transports());
        }

        @Override
        public void giveBack() {
            window.all().stream().filter(message -> !message.isBusy()).forEach(Core.this::giveBack);
        }

        @Override
        public void proceed() {
            doors.open(follower.present().transports());
            delivery.proceed(window.all());
            pump.hold(false);
            pump.request();
        }

        @Override
        public boolean isReceiving() {
            return doors.isReceiving();
        }

        @Override
        public boolean isRecording() {
            return !settler.isIdle();
        }

        @Override
        public void changed() {
            health.spooler(gate.status());
        }
    }

    private void giveBack(ActiveMessage message) {
        window.drop(message);
        message.store().store().release(message.claim());
    }

    /** Something came, changed or went. */
    private void follow(Snapshot next) {
        if (closing == null) {
            follower.follow(next);
        }
    }

    /** It works again, as a check has found: what has rested or waited for it may go. */
    private void admit(TransportEntry transport) {
        follower.wake(transport);
        pump.request();
    }

    /**
     * Stops: claims nothing more, recalls what is under way, hands back the rest.
     *
     * @return completes on the loop when nothing is under way any more and all is recorded, or little more than the grace time
     *     is over
     */
    CompletableFuture<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        loop.execute(() -> {
            closing = end;
            pump.stop();
            lateWatch.stop();
            announcements.stop();
            flushing.cancel();
            gate.end();
            doors.close(follower.present().transports());
            delivery.stop();
            loop.after(settings.grace().plus(RECORDS), () -> end.complete(null));
            workEnded();
        });
        return end.thenRun(() -> {
            window.all().forEach(this::giveBack);
        });
    }

    Entrance entrance() {
        return entrance;
    }

    Window window() {
        return window;
    }

    Pump pump() {
        return pump;
    }

    StartWait startWait() {
        return startWait;
    }

    Settler settler() {
        return settler;
    }

    Receipts receipts() {
        return receipts;
    }

    Hearsay hearsay() {
        return hearsay;
    }

    Doors doors() {
        return doors;
    }

    Delivery delivery() {
        return delivery;
    }

    Health health() {
        return health;
    }

    Probes probes() {
        return probes;
    }

    Flushing flushing() {
        return flushing;
    }

    Gate gate() {
        return gate;
    }

    Registry registry() {
        return registry;
    }

    Loop loop() {
        return loop;
    }

    Clock clock() {
        return clock;
    }

    CoreSettings settings() {
        return settings;
    }
}
