package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The next hop is away for a time. */
@Timeout(120)
class NextHopIT {

    @TempDir
    Path temp;

    @Test
    void keepsMailWhileTheNextHopIsDownAndSaysWhy() throws IOException {
        SmtpSink.require();
        int port = Ports.free();
        try (Instance instance = Instance.in(temp.resolve("i")).smartHost(port).start()) {
            String first;
            try (SmtpSink sink = SmtpSink.start(temp.resolve("up"), port);
                    Smtp smtp = Smtp.to(instance.port())) {
                first = smtp.queue("while up", "ann@example.org");
                instance.showUntil(first, "RELAYED");
                assertThat(sink.dumps()).hasSize(1);
            }
            String second;
            try (Smtp smtp = Smtp.to(instance.port())) {
                second = smtp.queue("while down", "bob@example.org");
            }
            assertThat(instance.showUntil(second, "DEFERRED")).contains("bob@example.org");
            assertThat(instance.sh("spooler:why " + second).ok())
                    .contains("127.0.0.1")
                    .containsIgnoringCase("next");
            try (SmtpSink sink = SmtpSink.start(temp.resolve("up again"), port)) {
                instance.showUntil(second, "RELAYED");
                assertThat(sink.dumps()).hasSize(1);
            }
        }
    }
}
