package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.SmtpPeer;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several smart hosts: their order, their shares, and what happens when one cannot be used. */
class FailoverTest {

    private final Rig rig = new Rig();
    private final SmtpPeer second;

    FailoverTest() throws IOException {
        second = SmtpPeer.start();
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
        second.close();
    }

    private void both(String... more) {
        String[] settings = java.util.Arrays.copyOf(more, more.length + 1);
        settings[more.length] = "host=127.0.0.1:" + rig.peer.port() + ", 127.0.0.1:" + second.port();
        rig.apply(settings);
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    @Test
    void theFirstIsUsedWhileItWorks() {
        both("max_messages_per_connection=1");
        for (int i = 0; i < 5; i++) {
            assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        }
        assertThat(rig.peer.mails()).hasSize(5);
        assertThat(second.sessions()).isEmpty();
    }

    @Test
    void theNextIsUsedWhereOneRefusesConnections() {
        rig.peer.refuse();
        both();
        TestConsignment message = Rig.message().to("ann@example.org");
        assertThat(rig.sendOne(message)).isInstanceOf(Outcome.Relayed.class);
        assertThat(second.mails()).hasSize(1);
        assertThat(rig.client.status().condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void theNextIsUsedWhereOneRefusesSessionsAndTheFirstRestsAWhile() {
        rig.peer.always("CONNECT", Action.lastly("554 5.3.2 closed"));
        both("max_messages_per_connection=1");
        for (int i = 0; i < 3; i++) {
            assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        }
        assertThat(second.mails()).hasSize(3);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void theNextIsUsedWhereOneIsSilent() {
        rig.peer.always("CONNECT", Action.silence());
        both("reply_timeout=200ms");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void theNextIsUsedWhereOneHasNoTls() {
        both("tls=encrypt");
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.reply().text()).contains("STARTTLS");
        assertThat(rig.peer.sessions()).hasSize(1);
        assertThat(second.sessions()).hasSize(1);
        assertThat(rig.peer.mails()).isEmpty();
    }

    @Test
    void aMessageThatIsRefusedIsNotOfferedToTheNext() {
        rig.peer.on("RCPT", "550 5.1.1 no");
        both();
        assertThat(send()).isInstanceOf(Outcome.Failed.class);
        assertThat(second.sessions()).isEmpty();
    }

    @Test
    void whereNoneWorksTheLaneWaits() throws IOException {
        rig.peer.refuse();
        second.refuse();
        both();
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(rig.client.status().condition()).isEqualTo(Condition.OFFLINE);
    }

    @Test
    void equalsShareByWeight() {
        List<Relay> relays = Relay.parse("a:25*3|b:25", 25);
        SplittableRandom random = new SplittableRandom(1);
        RelayFinder finder = new RelayFinder(relays, new Resolver(), random::nextDouble);
        long first = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> finder.order().get(0).host().equals("a"))
                .count();
        assertThat(first).isBetween(7_300L, 7_700L);
    }

    @Test
    void serversAreReadInTheirOrder() throws Exception {
        ClientSettings settings = ClientSettings.read(
                java.util.Map.of("host", "a.test, b.test:587*3|c.test 192.0.2.1:26 [2001:db8::1]:27 2001:db8::2"));
        assertThat(settings.relays())
                .containsExactly(
                        new Relay(0, "a.test", 25, 1),
                        new Relay(1, "b.test", 587, 3),
                        new Relay(1, "c.test", 25, 1),
                        new Relay(2, "192.0.2.1", 26, 1),
                        new Relay(3, "2001:db8::1", 27, 1),
                        new Relay(4, "2001:db8::2", 25, 1));
    }
}
