package io.spooler.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings: read, or refused with file, key, value and what is allowed. */
class SettingsTest {

    private static final String FILE = "felix.fileinstall.filename";

    @Test
    void values_are_read_and_absent_ones_have_defaults() throws SettingsException {
        Settings s = Settings.of(
                "pid",
                Map.of("port", " 25 ", "size", "10k", "wait", "5m", "list", "a, b\tc,,", "tls", "MAY", "on", "true"));
        assertThat(s.integer("port", 1, 0, 65535)).isEqualTo(25);
        assertThat(s.size("size", 1, 0, 1 << 20)).isEqualTo(10240);
        assertThat(s.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofDays(1)))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(s.list("list", "words", x -> x)).isEqualTo(List.of("a", "b", "c"));
        assertThat(s.choice("tls", "none", "none", "may")).isEqualTo("may");
        assertThat(s.flag("on", false)).isTrue();
        assertThat(s.text("absent", "x")).isEqualTo("x");
        assertThat(s.integer("none", 7, 0, 9)).isEqualTo(7);
        s.check();
    }

    @Test
    void a_path_is_one_of_this_system() {
        Settings s = Settings.of("pid", Map.of("here", "data/x", "wrong", "a\0b"));
        assertThat(s.path("here", "data")).isEqualTo(Path.of("data/x"));
        assertThat(s.path("absent", "data")).isEqualTo(Path.of("data"));
        assertThat(s.path("wrong", "data")).isEqualTo(Path.of("data"));
        assertThatThrownBy(s::check).hasMessageContaining("wrong=").hasMessageContaining("a path of this system");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1k,1024", "2M,2097152", "1G,1073741824"})
    void sizes_have_units(String text, long octets) {
        assertThat(Settings.of("pid", Map.of("s", text)).size("s", 0, 0, Long.MAX_VALUE))
                .isEqualTo(octets);
    }

    @Test
    void everything_wrong_is_told_at_once_with_file_key_value_and_cure() {
        Settings s = Settings.of(
                "pid",
                Map.of(FILE, "file:/some/where/etc/io.spooler.x.cfg", "port", "99999", "wait", "soon", "prot", "1"));
        assertThat(s.integer("port", 2525, 0, 65535))
                .as("the default stands in")
                .isEqualTo(2525);
        s.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofDays(1));
        assertThatThrownBy(s::check)
                .isInstanceOfSatisfying(
                        SettingsException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "io.spooler.x.cfg: port=99999 is not allowed; allowed is a whole number from 0 to 65535",
                                        "io.spooler.x.cfg: wait=soon is not allowed; allowed is a number and ms, s, m, h or d,"
                                                + " from 0ms to 1d",
                                        "io.spooler.x.cfg: prot is unknown; known are port, wait"));
    }

    @Test
    void wrong_elements_of_a_list_are_told() {
        Settings s = Settings.of("pid", Map.of("ids", new String[] {"1", "x"}));
        assertThat(s.list("ids", "numbers", Integer::valueOf)).containsExactly(1);
        assertThatThrownBy(s::check).hasMessageContaining("ids=x").hasMessageContaining("numbers");
    }

    @Test
    void properties_of_the_framework_are_no_settings() throws SettingsException {
        Settings.of("pid", Map.of("service.pid", "x", "component.id", 3L)).check();
    }
}
