package io.spooler.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.shell.Gogo;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real Gogo with commands like those of the framework. */
class GogoRunnerTest {

    private final Gogo gogo = new Gogo();

    /** Named and answering as the framework's commands are. */
    public static final class Framework {

        private Runnable onStop = () -> {};

        public String start(String id) {
            return id.equals("7") ? null : "Bundle ID '" + id + "'  is invalid.\n";
        }

        public String stop(String id) {
            onStop.run();
            return "";
        }

        public String install(String url) {
            return url.startsWith("file:") ? "Bundle ID: 12" : "java.net.MalformedURLException: no protocol\n";
        }

        public List<String> lb() {
            return List.of("one", "two");
        }

        public String boom(String... words) {
            if (words.length == 0) {
                throw new IllegalStateException("it \u001b[31mwent off");
            }
            return words[0];
        }

        public void talk() {
            System.err.println("complaint");
        }
    }

    private final Framework framework = new Framework();

    @BeforeEach
    void register() {
        for (String name : List.of("start", "stop", "install", "lb", "boom", "talk")) {
            gogo.processor().addCommand("felix", framework, name);
        }
    }

    @AfterEach
    void stop() {
        gogo.close();
    }

    private Runs run(String command) {
        return Runs.of(gogo.processor(), command);
    }

    @ParameterizedTest
    @CsvSource({"start 7,0", "start 99,1", "felix:start 99,1", "stop 1,0", "install file:x,0", "install x,1", "lb,0"})
    void judgesTheFrameworksCommands(String command, int status) {
        assertThat(run(command).status()).isEqualTo(status);
    }

    @Test
    void printsWhatWentWrongAsAnError() {
        assertThat(run("start 99")).isEqualTo(new Runs(1, "", "Bundle ID '99'  is invalid.\n"));
        assertThat(run("boom").err()).isEqualTo("error: it  [31mwent off\n");
        assertThat(run("no-such-thing")).isEqualTo(new Runs(1, "", "error: Command not found: no-such-thing\n"));
        assertThat(run("lb | (").status()).isEqualTo(1);
    }

    @Test
    void printsResultsAsTheShellDoes() {
        assertThat(run("lb").out()).contains("one").contains("two");
        assertThat(run("install file:x")).isEqualTo(new Runs(0, "Bundle ID: 12\n", ""));
        assertThat(run("talk")).isEqualTo(new Runs(0, "", "complaint\n"));
    }

    @Test
    void aCommandMayStopTheServerThatRunsIt(@TempDir Path base) throws Exception {
        SocketPlace place = new SocketPlace(base);
        GogoRunner runner = new GogoRunner(gogo.processor());
        Duration forEver = Duration.ofDays(1);
        ControlServer server = new ControlServer(place, runner, new ControlServer.Limits(8, forEver, forEver));
        framework.onStop = server::close;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new ControlClient(new ByteArrayOutputStream(), err)
                .run(place.socket().toString(), "stop 1");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(runner.isInside()).isFalse();
        assertThat(place.socket()).doesNotExist();
    }
}
