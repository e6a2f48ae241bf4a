package io.spooler.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every measurement runs, small, gives figures and leaves nothing; what they are is for a quiet machine. */
class BenchmarksTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            accept  | 2 | writers=1,4 contents=1k seconds=1 pairs=1 round_size=200k
            local   | 2 | writers=1,4 seconds=1 pairs=1 round_size=200k
            settle  | 1 | messages=300 rounds=1
            claim   | 2 | queued=50,500 claims=100
            recover | 2 | queued=200 times=1 cold=false heap=64m
            depth   | 10 | messages=200 heap=64m
            compact | 1 | messages=3000 living=2 writers=4 seconds=1 pairs=1
            garbage | 3 | messages=300 still=1
            """)
    void measures(String name, int rows, String keys) throws Exception {
        List<String> lines = run((name + " " + directory + " store.segment_size=1M " + keys).split(" ", -1));
        assertThat(lines).hasSizeGreaterThanOrEqualTo(1 + rows);
        assertThat(lines.subList(1, 1 + rows))
                .allSatisfy(row -> assertThat(row).containsPattern("[1-9]").doesNotContain("NaN", "Infinity"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void tellsWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> run("accept")).hasMessageContaining("usage: benchmarks/run NAME DIR");
        assertThatThrownBy(() -> run("speed", directory.toString())).hasMessageContaining("no measurement speed");
        assertThatThrownBy(() -> run("accept", directory + "/missing")).hasMessageContaining("not a directory");
        assertThatThrownBy(() -> run("accept", directory.toString(), "pairs")).hasMessageContaining("KEY=VALUE");
        assertThatThrownBy(() -> run("accept", directory.toString(), "writers=many", "pears=3"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("writers", "pears");
        assertThatThrownBy(() -> run("accept", directory.toString(), "store.segment_size=1"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("segment_size");
        assertThat(directory).isEmptyDirectory();
    }

    private static List<String> run(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Benchmarks.run(List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
