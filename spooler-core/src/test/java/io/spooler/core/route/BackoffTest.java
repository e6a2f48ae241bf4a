package io.spooler.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.hook.RetryPolicy;
import io.spooler.hook.RetryPolicy.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The policy of the settings, as a function. */
class BackoffTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration FIRST = Duration.ofMinutes(5);
    private static final Duration MOST = Duration.ofHours(4);
    private static final Duration AGE = Duration.ofDays(5);

    private final Backoff backoff = new Backoff(FIRST, MOST, Duration.ofSeconds(1), Duration.ofDays(1), AGE);

    private static Attempt attempt(int attempts, Duration age, @Nullable Duration asked) {
        return attempt(1, attempts, age, asked, null);
    }

    private static Attempt attempt(
            long message, int attempts, Duration age, @Nullable Duration asked, @Nullable Instant expires) {
        Recipient recipient = Recipient.of(Address.smtp("ann@example.org"));
        return new Attempt(new SpoolId(message, 7), recipient, attempts, START, expires, START.plus(age), null, asked);
    }

    private Duration pause(Attempt attempt) {
        RetryPolicy.At at = (RetryPolicy.At) backoff.next(attempt);
        return Duration.between(attempt.now(), at.time());
    }

    @Test
    void the_wait_doubles_from_the_first_to_the_longest() {
        Duration age = Duration.ZERO;
        List<Long> minutes = new ArrayList<>();
        for (int attempts = 1; attempts <= 9; attempts++) {
            Duration pause = pause(attempt(attempts, age, null));
            minutes.add(pause.toMinutes());
            age = age.plus(pause);
        }
        long[] ideal = {5, 5, 10, 20, 40, 80, 160, 240, 240};
        for (int i = 0; i < ideal.length; i++) {
            assertThat(minutes.get(i)).as("wait %d of %s", i, minutes).isBetween(ideal[i] * 7 / 10, ideal[i] * 13 / 10);
        }
    }

    @Test
    void it_depends_on_nothing_but_the_values_and_differs_between_messages() {
        assertThat(backoff.next(attempt(3, Duration.ofHours(1), null)))
                .isEqualTo(backoff.next(attempt(3, Duration.ofHours(1), null)));
        Set<Duration> pauses = new HashSet<>();
        for (int message = 0; message < 1000; message++) {
            Duration pause = pause(attempt(message, 9, Duration.ofDays(1), null, null));
            assertThat(pause)
                    .isBetween(
                            MOST.multipliedBy(9).dividedBy(10),
                            MOST.multipliedBy(11).dividedBy(10));
            pauses.add(pause.truncatedTo(java.time.temporal.ChronoUnit.MINUTES));
        }
        assertThat(pauses).as("spread over 48 minutes").hasSizeGreaterThan(40);
    }

    @Test
    void probes_that_came_early_do_not_cost_hours() {
        assertThat(pause(attempt(10, Duration.ofMinutes(8), null)))
                .isBetween(Duration.ofMinutes(7), Duration.ofMinutes(9));
        assertThat(pause(attempt(1, Duration.ofDays(4), null))).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
    }

    @Test
    void what_the_transport_asks_for_is_respected_within_bounds() {
        assertThat(pause(attempt(1, Duration.ZERO, Duration.ofSeconds(90)))).isEqualTo(Duration.ofSeconds(90));
        assertThat(pause(attempt(9, Duration.ofHours(9), Duration.ofHours(20)))).isEqualTo(Duration.ofHours(20));
        assertThat(pause(attempt(1, Duration.ZERO, Duration.ofDays(365)))).isEqualTo(Duration.ofDays(1));
        assertThat(pause(attempt(1, Duration.ZERO, Duration.ofDays(-1)))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause(attempt(1, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE / 2))))
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void again_now_does_not_spin() {
        int attempts = 0;
        Duration age = Duration.ZERO;
        while (age.compareTo(Duration.ofHours(1)) < 0) {
            age = age.plus(pause(attempt(++attempts, age, Duration.ZERO)));
        }
        assertThat(attempts).as("1, 2, 4 … seconds, then each five minutes").isLessThan(25);
    }

    @Test
    void gives_up_by_age_but_not_after_a_single_attempt() {
        assertThat(backoff.next(attempt(1, AGE.multipliedBy(10), null))).isInstanceOf(RetryPolicy.At.class);
        assertThat(backoff.next(attempt(40, AGE.minusSeconds(1), null))).isInstanceOf(RetryPolicy.At.class);
        assertThat(backoff.next(attempt(2, AGE, null))).isInstanceOf(RetryPolicy.GiveUp.class);
        assertThat(backoff.next(attempt(1, 40, AGE.multipliedBy(2), null, START.plus(AGE.multipliedBy(3)))))
                .as("the sender's own limit counts instead")
                .isInstanceOf(RetryPolicy.At.class);
    }
}
