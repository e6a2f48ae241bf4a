package io.spooler.core;

import io.spooler.Address;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Fifty destinations in simulated time: dead ones never answer, slow ones take long, flapping ones are up and down by
 * turns, healthy ones now and then put somebody off or refuse him. Looks at what is offered: not before its time, not
 * after its end.
 */
final class World implements TransportProvider {

    static final Reply OK = new Reply("2.0.0", "ok");
    static final Duration GREY = Duration.ofMinutes(15);

    private final Bench bench;
    private final Map<String, Instant> allowed = new HashMap<>();
    private final Map<String, Integer> tries = new HashMap<>();
    final Map<String, RecipientState> ends = new HashMap<>();
    final Map<String, Instant> served = new HashMap<>();
    final Map<String, Integer> attempts = new TreeMap<>();
    final List<String> wrong = new ArrayList<>();

    /** What a destination is like. */
    enum Kind {
        DEAD(Duration.ofSeconds(30)),
        SLOW(Duration.ofSeconds(40)),
        FLAPPING(Duration.ofMillis(300)),
        HEALTHY(Duration.ofMillis(200));

        final Duration latency;

        Kind(Duration latency) {
            this.latency = latency;
        }

        static Kind of(String domain) {
            int number = Integer.parseInt(domain.substring(1, domain.indexOf('.')));
            return number < 5 ? DEAD : number < 10 ? SLOW : number < 20 ? FLAPPING : HEALTHY;
        }
    }

    World(Bench bench) {
        this.bench = bench;
        bench.events.add(this::hear);
    }

    /** Up and down by turns of some hours, each in its own way. */
    static boolean isUp(String domain, Instant time) {
        Kind kind = Kind.of(domain);
        long turn = Duration.ofHours(2 + Math.floorMod(domain.hashCode(), 5)).toSeconds();
        return kind != Kind.DEAD && (kind != Kind.FLAPPING || time.getEpochSecond() / turn % 2 == 0);
    }

    /** One of ten is put off once, for a time that the destination names. */
    static boolean isGrey(Address address) {
        return Math.floorMod(address.hashCode(), 10) == 0;
    }

    /** One of a hundred does not exist. */
    static boolean isUnknown(Address address) {
        return Math.floorMod(address.hashCode(), 100) == 1;
    }

    private void hear(SpoolEvent event) {
        if (event instanceof SpoolEvent.Changed changed) {
            RecipientStatus status = changed.recipient();
            String who = status.recipient().address().value();
            if (status.recipient().address().type().equals(Address.LOCAL)) {
                // A report to one of few senders.
                return;
            }
            if (ends.containsKey(who)) {
                wrong.add(who + " became " + status.state() + " after its end");
            }
            if (status.state().isFinal()) {
                ends.put(who, status.state());
                served.put(who, event.time());
                allowed.remove(who);
                tries.remove(who);
            } else if (status.due() != null) {
                allowed.put(who, status.due());
            }
        }
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        Instant now = bench.clock.instant();
        List<Outcome> outcomes = new ArrayList<>();
        String domain = consignment.recipients().get(0).address().domain();
        for (var recipient : consignment.recipients()) {
            String who = recipient.address().value();
            attempts.merge(domain, 1, Integer::sum);
            if (ends.containsKey(who)) {
                wrong.add(who + " is offered after its end");
            }
            if (now.isBefore(allowed.getOrDefault(who, Instant.MIN))) {
                wrong.add(who + " is offered at " + now + ", before " + allowed.get(who));
            }
            outcomes.add(outcome(recipient.address(), domain, now));
        }
        CompletableFuture<List<Outcome>> result = new CompletableFuture<>();
        bench.loop.after(Kind.of(domain).latency, () -> result.complete(outcomes));
        return result;
    }

    private Outcome outcome(Address address, String domain, Instant now) {
        if (!isUp(domain, now)) {
            return Outcome.Deferred.lane(new Reply("4.4.1", "connection timed out"));
        }
        if (isUnknown(address)) {
            return new Outcome.Failed(new Reply("5.1.1", "no such user"));
        }
        if (isGrey(address) && tries.merge(address.value(), 1, Integer::sum) == 1) {
            return new Outcome.Deferred(Outcome.Scope.RECIPIENT, GREY, new Reply("4.2.1", "greylisted"));
        }
        return new Outcome.Relayed(OK);
    }

    @Override
    public String lane(Address address) {
        return address.domain();
    }

    @Override
    public TransportStatus status() {
        return new TransportStatus(TransportStatus.Condition.AVAILABLE, "simulated");
    }
}
