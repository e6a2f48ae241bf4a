package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.shell.control.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A trace as people type it, through the real Gogo. */
class TraceCommandsTest {

    private final Fakes fakes = new Fakes();
    private final Gogo gogo = new Gogo().with(fakes);

    @AfterEach
    void stop() {
        gogo.close();
    }

    @Test
    void printsWhatIsSaidAndEndsTheTrace() {
        Runs result = Runs.of(gogo.processor(), "trace --lines 3 smtp example.org");
        assertThat(result.out())
                .startsWith("2026-03-04T12:00:00.123Z example.org [0] > line 0\n")
                .contains("[1] > line 1")
                .contains("[0] > line 2");
        assertThat(fakes.calls).containsExactly("trace smtp/example.org", "end");
    }

    @Test
    void showsOneConversation() {
        Runs result = Runs.of(gogo.processor(), "trace --seconds 0 --only 1 smtp");
        assertThat(result.out()).isEqualTo("2026-03-04T12:00:00.123Z [1] > line 1\n");
    }

    @Test
    void saysWhatIsMissing() {
        fakes.said = 1_500;
        Runs result = Runs.of(gogo.processor(), "trace --seconds 0 smtp");
        assertThat(result.out())
                .contains("line 999")
                .doesNotContain("line 1000")
                .contains("500 lines came too fast");
    }

    @Test
    void saysThatThereIsNothingToWatch() {
        Runs result = Runs.of(gogo.processor(), "trace nowhere");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("nowhere is not present");
    }
}
