package io.spooler.core.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.admin.SpoolAdmin.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many at a time, how many in a time. */
class LimitsTest {

    private static void round(Throttle throttle) {
        int round = throttle.limit(20);
        for (int i = 0; i < round; i++) {
            throttle.success(throttle.limit(20), 20);
        }
    }

    @Test
    void the_throttle_doubles_in_a_round_and_after_a_failure_again_up_to_half_and_carefully_from_there() {
        Throttle throttle = new Throttle();
        assertThat(throttle.limit(20)).isEqualTo(2);
        for (int expected : new int[] {4, 8, 16, 20}) {
            round(throttle);
            assertThat(throttle.limit(20)).isEqualTo(expected);
        }
        throttle.failure();
        assertThat(throttle.limit(20)).isEqualTo(2);
        for (int expected : new int[] {4, 8, 10}) {
            round(throttle);
            assertThat(throttle.limit(20)).isEqualTo(expected);
        }
        for (int i = 0; i < 11; i++) {
            throttle.success(throttle.limit(20), 20);
        }
        assertThat(throttle.limit(20)).isEqualTo(11);
    }

    @Test
    void a_failure_of_few_says_nothing_about_how_many_there_may_be() {
        Throttle throttle = new Throttle();
        throttle.failure();
        round(throttle);
        assertThat(throttle.limit(20)).isEqualTo(4);
    }

    @Test
    void success_without_need_does_not_raise_the_limit() {
        Throttle throttle = new Throttle();
        throttle.success(1, 20);
        assertThat(throttle.limit(20)).isEqualTo(2);
    }

    @Test
    void the_pace_is_even_and_time_that_nobody_used_is_not_saved_up() {
        Pace pace = new Pace();
        assertThat(pace.left(0)).isZero();
        pace.start(0, 3, 10);
        assertThat(pace.left(0)).isEqualTo(30);
        assertThat(pace.left(1000)).isZero();
        pace.start(1000, 1, 10);
        assertThat(pace.left(1000)).isEqualTo(10);
        pace.start(1010, 1, 0);
        assertThat(pace.left(1010)).as("the limit was taken away").isZero();
    }

    @Test
    void the_most_exact_rate_counts() {
        List<Rate> rates = List.of(Rate.parse("10/1s"), Rate.parse("smtp=5/1s"), Rate.parse("smtp/a.example=1/2s"));
        assertThat(Rate.interval(rates, "smtp", "a.example"))
                .isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(Rate.interval(rates, "smtp", "b.example"))
                .isEqualTo(Duration.ofMillis(200).toNanos());
        assertThat(Rate.interval(rates, "other", "b.example"))
                .isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(Rate.interval(List.of(), "smtp", "b.example")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "0/1m", "1/0m", "1/2d", "1000001/1m", "x/1m", "=1/1m", "1/1ms"})
    void a_wrong_rate_is_refused(String text) {
        assertThatThrownBy(() -> Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_suspension_is_by_name_of_the_transport_or_the_destination() {
        Suspensions suspensions = new Suspensions();
        assertThat(suspensions.add(new Target("smtp", "a.example"))).isTrue();
        assertThat(suspensions.add(new Target("smtp", "a.example"))).isFalse();
        assertThat(suspensions.isSuspended("smtp", "a.example")).isTrue();
        assertThat(suspensions.isSuspended("smtp", "b.example")).isFalse();
        assertThat(suspensions.add(new Target("other", null))).isTrue();
        assertThat(suspensions.isSuspended("other", "b.example")).isTrue();
        assertThat(suspensions.list()).containsExactly(new Target("other", null), new Target("smtp", "a.example"));
        assertThat(suspensions.remove(new Target("smtp", null))).isFalse();
        assertThat(suspensions.remove(new Target("smtp", "a.example"))).isTrue();
        assertThat(suspensions.isSuspended("smtp", "a.example")).isFalse();
    }

    @Test
    void speed_is_what_was_served_while_anything_was_under_way() {
        Speed speed = new Speed();
        long second = Duration.ofSeconds(1).toNanos();
        assertThat(speed.perSecond(0)).as("unknown").isZero();
        long now = 0;
        for (int i = 0; i < 20; i++) {
            speed.start(now);
            now += second;
            speed.end(now, 3);
            now += 100 * second;
        }
        assertThat(speed.perSecond(now)).isBetween(2.9, 3.1);
        assertThat(speed.isSlower(now, 2 * second)).isFalse();
        speed.start(now);
        assertThat(speed.isSlower(now + 100 * second, 2 * second))
                .as("what is under way counts")
                .isTrue();
    }

    @Test
    void flow_is_what_was_served_lately_and_fades() {
        Speed speed = new Speed();
        long moment = Duration.ofMillis(1).toNanos();
        assertThat(speed.flow(0)).as("unknown").isZero();
        long now = 0;
        for (int i = 0; i < 3000; i++) {
            speed.start(now);
            now += moment;
            speed.end(now, 2);
        }
        assertThat(speed.flow(now)).as("two in a millisecond").isBetween(1950.0, 2050.0);
        assertThat(speed.flow(now + 500 * moment)).as("after half a second").isBetween(700.0, 760.0);
        speed.renew(now);
        assertThat(speed.flow(now)).isZero();
    }
}
