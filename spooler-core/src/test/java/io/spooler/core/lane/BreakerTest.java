package io.spooler.core.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rest, probe, rest again. */
class BreakerTest {

    private final Breaker breaker = new Breaker();

    @Test
    void rests_double_up_to_the_longest_and_success_ends_them() {
        long now = 0;
        for (long expected : new long[] {10, 20, 40, 80, 100, 100}) {
            assertThat(breaker.allows(now)).isTrue();
            breaker.start();
            assertThat(breaker.failure(now, 10, 100, 0)).isEqualTo(expected);
            assertThat(breaker.allows(now + expected - 1)).isFalse();
            now += expected;
        }
        breaker.start();
        breaker.success();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.failure(now, 10, 100, 0)).isEqualTo(10);
    }

    @Test
    void one_probe_at_a_time() {
        breaker.start();
        breaker.failure(0, 10, 100, 0);
        assertThat(breaker.allows(10)).isTrue();
        breaker.start();
        assertThat(breaker.allows(11)).isFalse();
        breaker.undecided();
        assertThat(breaker.allows(11)).isTrue();
    }

    @Test
    void of_several_failures_in_flight_together_one_counts_and_the_longest_wish_holds() {
        breaker.failure(0, 10, 100, 0);
        assertThat(breaker.failure(1, 10, 100, 0)).isEqualTo(9);
        assertThat(breaker.failure(2, 10, 100, 50)).isEqualTo(50);
        assertThat(breaker.failures()).isEqualTo(1);
    }
}
