package io.spooler.core.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When deliveries may begin. */
class TimetableTest {

    private static Timetable table(String zone, String... windows) {
        return new Timetable(
                ZoneId.of(zone), Arrays.stream(windows).map(Timetable::parse).toList());
    }

    private static Duration wait(Timetable table, String now) {
        return table.closedFor("smtp", "example.org", Instant.parse(now));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-10T12:00:00Z, PT10H",
        "2026-03-10T21:59:59.5Z, PT0.5S",
        "2026-03-10T22:00:00Z, PT0S",
        "2026-03-11T00:00:00Z, PT0S",
        "2026-03-11T05:59:59Z, PT0S",
        "2026-03-11T06:00:00Z, PT16H",
    })
    void a_window_may_last_over_midnight(String now, String expected) {
        assertThat(wait(table("UTC", "22:00-06:00"), now)).isEqualTo(Duration.parse(expected));
    }

    @Test
    void a_window_within_a_day_and_one_to_its_end() {
        assertThat(wait(table("UTC", "08:00-09:00"), "2026-03-10T09:00:00Z")).isEqualTo(Duration.ofHours(23));
        assertThat(wait(table("UTC", "08:00-09:00"), "2026-03-10T08:59:59Z")).isZero();
        assertThat(wait(table("UTC", "20:00-24:00"), "2026-03-10T23:59:59Z")).isZero();
        assertThat(wait(table("UTC", "20:00-24:00"), "2026-03-11T00:00:00Z")).isEqualTo(Duration.ofHours(20));
        assertThat(wait(table("UTC", "00:00-24:00"), "2026-03-11T00:00:00Z")).isZero();
    }

    @Test
    void the_most_exactly_named_windows_count_and_each_of_them() {
        Timetable table = table(
                "UTC",
                "00:00-01:00",
                "smtp=02:00-03:00",
                "smtp/example.org=04:00-05:00",
                "smtp/example.org=06:00-07:00");
        assertThat(wait(table, "2026-03-10T00:30:00Z")).isEqualTo(Duration.ofMinutes(210));
        assertThat(wait(table, "2026-03-10T05:30:00Z")).isEqualTo(Duration.ofMinutes(30));
        Instant night = Instant.parse("2026-03-10T00:30:00Z");
        assertThat(table.closedFor("smtp", "example.net", night)).isEqualTo(Duration.ofMinutes(90));
        assertThat(table.closedFor("other", "example.org", night)).isZero();
        assertThat(wait(table("UTC", "other=00:00-01:00"), "2026-03-10T12:00:00Z"))
                .as("none is about it")
                .isZero();
    }

    /** Lisbon: on 29 March the clock jumps from 01:00 to 02:00, at 01:00Z; before, it shows UTC. */
    @ParameterizedTest
    @CsvSource({
        "22:00-06:00, 2026-03-28T06:00:00Z, PT16H",
        "22:00-06:00, 2026-03-29T04:59:59Z, PT0S",
        "22:00-06:00, 2026-03-29T05:00:00Z, PT16H",
        "01:15-01:45, 2026-03-29T00:45:00Z, PT30M",
        "01:15-01:45, 2026-03-29T01:15:00Z, PT0S",
        "01:15-01:45, 2026-03-29T01:45:00Z, PT22H30M",
        "01:30-02:15, 2026-03-29T00:00:00Z, PT24H30M",
    })
    void the_clock_may_jump_forward(String window, String now, String expected) {
        assertThat(wait(table("Europe/Lisbon", window), now)).isEqualTo(Duration.parse(expected));
    }

    /** On 25 October it jumps from 02:00 to 01:00, at 01:00Z; after, it shows UTC. */
    @ParameterizedTest
    @CsvSource({
        "22:00-06:00, 2026-10-24T05:00:00Z, PT16H",
        "22:00-06:00, 2026-10-25T05:59:59Z, PT0S",
        "22:00-06:00, 2026-10-25T06:00:00Z, PT16H",
        "01:15-01:45, 2026-10-25T00:00:00Z, PT15M",
        "01:15-01:45, 2026-10-25T00:44:59Z, PT0S",
        "01:15-01:45, 2026-10-25T01:20:00Z, PT23H55M",
    })
    void the_clock_may_jump_back(String window, String now, String expected) {
        assertThat(wait(table("Europe/Lisbon", window), now)).isEqualTo(Duration.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "22:00", "22-06", "9:00-10:00", "22:00-22:00", "00:00-25:00", "24:00-01:00", "22:60-23:00"})
    void what_is_no_window_is_refused(String text) {
        assertThatThrownBy(() -> Timetable.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
