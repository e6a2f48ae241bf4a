package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.RecipientState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Ten days of fifty destinations: five dead, five slow, ten flapping, thirty healthy. Everybody comes to one end, nobody
 * is tried before his time, the healthy do not feel the others, and the attempts are those of the ideal schedule, twice at
 * most. {@code -Dspooler.tendays=100000} runs it with so many recipients; prints what it found with
 * {@code -Dspooler.figures=true}.
 */
class TenDaysTest {

    private static final int RECIPIENTS = Integer.getInteger("spooler.tendays", 5_000);
    private static final int DESTINATIONS = 50;
    private static final int HOURS = 24 * 4;
    private static final int BURST_HOUR = 60;
    private static final Duration FIRST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(4);
    private static final Duration AGE = Duration.ofDays(5);

    private final Map<String, Instant> submitted = new TreeMap<>();

    /** One message. */
    private record Mail(int hour, String sender, List<String> recipients) {}

    private static List<Mail> plan(boolean healthyOnly) {
        SplittableRandom random = new SplittableRandom(4);
        List<Mail> plan = new ArrayList<>();
        int number = 0;
        while (number < RECIPIENTS) {
            // A tenth of all comes in one hour, to the healthy: their throughput is measured then.
            boolean burst = random.nextInt(10) == 0;
            int hour = burst ? BURST_HOUR : random.nextInt(HOURS);
            String name = burst ? "burst" : "user";
            List<String> recipients = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                int destination = burst ? 20 + random.nextInt(30) : random.nextInt(DESTINATIONS);
                recipients.add(name + number++ + "@d" + destination + ".example");
            }
            int sender = random.nextInt(20);
            if (healthyOnly) {
                recipients.removeIf(r -> World.Kind.of(r.substring(r.indexOf('@') + 1)) != World.Kind.HEALTHY);
            }
            if (!recipients.isEmpty()) {
                plan.add(new Mail(hour, "LOCAL:sender" + sender, recipients));
            }
        }
        plan.sort(java.util.Comparator.comparingInt(Mail::hour));
        return plan;
    }

    private World live(Bench bench, boolean healthyOnly) throws Exception {
        bench.withStore(new IndexedStore(bench.clock));
        World world = new World(bench);
        bench.transport(20, world, "world", 0, "SMTP");
        FakeTransport local = new FakeTransport();
        bench.transport(20, local, "local", 0, "LOCAL");
        int hour = 0;
        for (Mail mail : plan(healthyOnly)) {
            bench.advance(Duration.ofHours(mail.hour() - hour));
            hour = mail.hour();
            List<Address> to = mail.recipients().stream().map(Address::smtp).toList();
            mail.recipients().forEach(r -> submitted.put(r, bench.clock.instant()));
            bench.submit(Envelope.of(Address.parse(mail.sender()), to));
        }
        bench.advance(Duration.ofDays(10).minusHours(hour));
        assertThat(bench.loop.failure()).isNull();
        return world;
    }

    @Test
    void everybody_comes_to_one_end_and_the_healthy_do_not_feel_the_others() throws Exception {
        World world = live(new Bench(CoreSettings.defaults(), false), false);
        assertThat(world.wrong).isEmpty();
        assertThat(submitted.keySet()).allMatch(world.ends::containsKey);
        submitted
                .keySet()
                .forEach(who -> assertThat(world.ends.get(who)).as(who).isEqualTo(end(who)));

        Map<World.Kind, long[]> volume = volume(world);
        long real = volume.values().stream().mapToLong(v -> v[0]).sum();
        long ideal = volume.values().stream().mapToLong(v -> v[1]).sum();
        assertThat(real).as("attempts, ideally %d", ideal).isLessThanOrEqualTo(2 * ideal);
        volume.forEach((kind, v) ->
                assertThat(v[0]).as("attempts of %s, ideally %d", kind, v[1]).isLessThanOrEqualTo(2 * v[1]));

        Duration among = burst(world);
        submitted.clear();
        Duration alone = burst(live(new Bench(CoreSettings.defaults(), false), true));
        double share = (double) alone.toMillis() / among.toMillis();
        assertThat(share)
                .as("throughput of the healthy: alone %s, among the others %s", alone, among)
                .isGreaterThanOrEqualTo(0.8);
        if (Boolean.getBoolean("spooler.figures")) {
            org.slf4j.LoggerFactory.getLogger(TenDaysTest.class)
                    .info(
                            "attempts {} ideal {}; burst alone {} among {} share {}; {}",
                            real,
                            ideal,
                            alone,
                            among,
                            share,
                            text(volume));
        }
    }

    private static String text(Map<World.Kind, long[]> volume) {
        StringBuilder text = new StringBuilder();
        volume.forEach((kind, v) -> text.append(kind)
                .append(' ')
                .append(v[0])
                .append('/')
                .append(v[1])
                .append(' '));
        return text.toString();
    }

    private static RecipientState end(String who) {
        Address address = Address.smtp(who);
        if (World.Kind.of(address.domain()) == World.Kind.DEAD) {
            return RecipientState.EXPIRED;
        }
        return World.isUnknown(address) ? RecipientState.FAILED : RecipientState.RELAYED;
    }

    /** For each kind: attempts that were made, and those of a schedule for each recipient alone that knows no lanes. */
    private Map<World.Kind, long[]> volume(World world) {
        Map<World.Kind, long[]> volume = new EnumMap<>(World.Kind.class);
        world.attempts.forEach(
                (domain, count) -> volume.computeIfAbsent(World.Kind.of(domain), k -> new long[2])[0] += count);
        submitted.forEach((who, time) ->
                volume.get(World.Kind.of(who.substring(who.indexOf('@') + 1)))[1] += ideal(Address.smtp(who), time));
        return volume;
    }

    private static int ideal(Address address, Instant start) {
        Instant time = start;
        Duration wait = FIRST;
        int attempts = 0;
        boolean grey = World.isGrey(address) && !World.isUnknown(address);
        while (true) {
            attempts++;
            boolean up = World.isUp(address.domain(), time);
            if ((up && !grey) || Duration.between(start, time).compareTo(AGE) >= 0) {
                return attempts;
            }
            grey &= !up;
            time = time.plus(up ? World.GREY : wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
        }
    }

    /** How long the burst took, without those who were put off. */
    private Duration burst(World world) {
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (Map.Entry<String, Instant> entry : submitted.entrySet()) {
            if (entry.getKey().startsWith("burst") && !World.isGrey(Address.smtp(entry.getKey()))) {
                first = entry.getValue().isBefore(first) ? entry.getValue() : first;
                Instant end = world.served.get(entry.getKey());
                last = end.isAfter(last) ? end : last;
            }
        }
        return Duration.between(first, last);
    }
}
