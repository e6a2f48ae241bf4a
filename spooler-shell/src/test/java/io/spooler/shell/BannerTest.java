package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.admin.SpoolStatus;
import io.spooler.store.StoreStatus;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BannerTest {

    private static final Duration TIME = Duration.ofMillis(1250);
    private final Banner banner = new Banner("0.1.0", "/srv/mail");

    @Test
    void fitsOnOneScreen() {
        assertThat(banner.compose(Fakes.status(), List.of(), TIME)).isEqualTo("""

                        Spooler 0.1.0 in /srv/mail
                        Stores
                          file  AVAILABLE  3 messages queued  data/spool
                        Transports, in the order in which they are asked
                          NAME      CARRIES                        CONDITION
                          loopback  LOCAL:*, SMTP:*@spooler.local  AVAILABLE
                          smtp-in   only brings messages in        AVAILABLE
                        Listening
                          smtp-in  listening on 127.0.0.1:2525
                        Waiting for a transport
                          SMTP  4 recipients
                        Problems
                          none
                        Talk to it
                          bin/spooler sh --base /srv/mail 'spooler:status'
                        Spooler is ready after 1.3 s.
                        """);
    }

    @Test
    void listsProblems() {
        SpoolStatus bad = new SpoolStatus(
                Fakes.spoolerRow(),
                List.of(new SpoolStatus.StoreRow(
                        "file", new StoreStatus(StoreStatus.Condition.FAILED, "data is locked\u001b[2J", 0, Map.of()))),
                List.of(new SpoolStatus.TransportRow(
                        "smtp",
                        List.of(),
                        List.of(),
                        0,
                        new TransportStatus(TransportStatus.Condition.FAILED, "port 2525 is taken"),
                        0,
                        Set.of(),
                        null,
                        null)),
                List.of(),
                0,
                Map.of(),
                List.of());
        assertThat(banner.compose(bad, List.of("nothing serves the settings io.spooler.x"), TIME))
                .contains("  store file is FAILED: data is locked [2J\n")
                .contains("  transport smtp is FAILED: port 2525 is taken\n")
                .contains("  nothing serves the settings io.spooler.x\n")
                .contains("  nothing listens\n")
                .contains("  nothing\n")
                .endsWith("\nSpooler is ready after 1.3 s, with 3 problems.\n");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThat(banner.compose(
                        new SpoolStatus(Fakes.spoolerRow(), List.of(), List.of(), List.of(), 0, Map.of(), List.of()),
                        List.of(),
                        TIME))
                .contains("none: nothing is accepted", "none: everything waits");
        assertThat(banner.compose(null, List.of("the core is not running"), TIME))
                .contains("the core is not running: is the bundle spooler-core there?")
                .endsWith("\nSpooler is ready after 1.3 s, with 1 problem.\n");
    }
}
