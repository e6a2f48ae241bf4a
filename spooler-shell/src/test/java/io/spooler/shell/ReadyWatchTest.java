package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadyWatchTest {

    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(1);

    private final CompletableFuture<List<String>> said = new CompletableFuture<>();
    private final LinkedBlockingQueue<Supplier<Optional<List<String>>>> answers = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();
    private ReadyWatch watch;

    private ReadyWatch watch(Duration limit) {
        watch = new ReadyWatch(
                () -> {
                    looks.add(true);
                    return answers.remove().get();
                },
                said::complete,
                SHORT,
                limit);
        return watch;
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private void lookAt(Optional<List<String>> answer) throws Exception {
        look(() -> answer);
    }

    private void look(Supplier<Optional<List<String>>> answer) throws Exception {
        answers.add(answer);
        watch.poke();
        assertThat(looks.poll(10, TimeUnit.SECONDS)).as("it looked").isTrue();
    }

    @Test
    void saysWhenNothingIsMissing() throws Exception {
        watch(LONG);
        lookAt(Optional.empty());
        lookAt(Optional.of(List.of("x")));
        assertThat(said).isNotDone();
        lookAt(Optional.of(List.of()));
        assertThat(said.get(10, TimeUnit.SECONDS)).isEmpty();
        watch.poke();
        assertThat(looks).as("it has ended").isEmpty();
    }

    @Test
    void saysWhatIsMissingWhenTheTimeIsOver() throws Exception {
        watch(SHORT);
        answers.add(() -> Optional.of(List.of("x")));
        lookAt(Optional.of(List.of("x")));
        assertThat(said.get(10, TimeUnit.SECONDS)).containsExactly("x");
    }

    @Test
    void survivesAFrameworkThatThrows() throws Exception {
        watch(LONG);
        look(() -> Objects.requireNonNull(null, "as some frameworks do"));
        lookAt(Optional.of(List.of()));
        assertThat(said.get(10, TimeUnit.SECONDS)).isEmpty();
    }
}
