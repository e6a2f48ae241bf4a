package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** Direct delivery, with a name server of its own. Nobody listens on 127.0.0.2. */
class DirectTest {

    private final Rig rig = new Rig();
    private final TestDns dns;

    DirectTest() throws IOException {
        dns = new TestDns();
    }

    @BeforeEach
    void goDirect() throws IOException {
        dns.address("here.test", "127.0.0.1");
        dns.address("dead.test", "127.0.0.2");
        dns.mx("example.org", 10, "here.test");
        apply();
    }

    @AfterEach
    void close() {
        rig.close();
        dns.close();
    }

    private void apply(String... more) {
        String[] settings = java.util.Arrays.copyOf(
                new String[] {"host=", "direct=true", "dns=127.0.0.1:" + dns.port()}, 3 + more.length);
        System.arraycopy(more, 0, settings, 3, more.length);
        rig.apply(settings);
    }

    private Outcome send(String domain) {
        return rig.sendOne(Rig.message().to("ann@" + domain));
    }

    private void assertFails(String domain, String status) {
        Outcome.Failed outcome = (Outcome.Failed) send(domain);
        assertThat(outcome.reply().status()).isEqualTo(status);
        assertThat(rig.peer.sessions()).isEmpty();
    }

    @Test
    void goesToTheMailExchanger() {
        TestConsignment message = Rig.message().to("ann@Example.Org");
        assertThat(rig.sendOne(message)).isInstanceOf(Outcome.Relayed.class);
        assertThat(message.server()).isEqualTo("here.test");
        assertThat(rig.peer.mails().get(0).to()).containsExactly("RCPT TO:<ann@Example.Org>");
    }

    @Test
    void theNextMailExchangerIsTriedWhereOneIsOutOfReach() {
        dns.mx("two.test", 20, "here.test");
        dns.mx("two.test", 10, "dead.test");
        assertThat(send("two.test")).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void aDomainWithoutMailExchangerIsItsOwn() {
        assertThat(send("here.test")).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void anAddressLiteralIsAnAddress() {
        assertThat(send("[127.0.0.1]")).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void aDomainThatTakesNoMailFails() {
        dns.mx("null.test", 0, ".");
        assertFails("null.test", "5.1.10");
    }

    @Test
    void aDomainThatDoesNotExistFails() {
        assertFails("nowhere.test", "5.1.2");
    }

    @Test
    void aNameServerThatFailsIsADeferral() {
        dns.fail("broken.test");
        Outcome.Deferred outcome = (Outcome.Deferred) send("broken.test");
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(outcome.reply().status()).isEqualTo("4.4.3");
    }

    @Test
    void aDeadDestinationSaysNothingOfTheOthers() {
        assertThat(((Outcome.Deferred) send("dead.test")).reply().status()).isEqualTo("4.4.1");
        assertThat(rig.client.status().condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(rig.client.status().text()).contains("cannot connect to 127.0.0.2");
        assertThat(send("example.org")).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void answersAreKept() {
        apply("max_messages_per_connection=1");
        for (int i = 0; i < 3; i++) {
            assertThat(send("example.org")).isInstanceOf(Outcome.Relayed.class);
        }
        assertThat(rig.peer.sessions()).hasSize(3);
        assertThat(dns.queries("example.org", Type.MX)).isEqualTo(1);
        assertThat(dns.queries("here.test", Type.A)).isEqualTo(1);
    }

    @Test
    void eachDomainIsALane() {
        assertThat(rig.client.lane(Address.smtp("ann@Example.ORG"))).isEqualTo("example.org");
        assertThat(rig.client.lane(Address.smtp("bob@other.test"))).isEqualTo("other.test");
    }

    @Test
    void eachDestinationHasItsOwnConnections() {
        apply("destination_concurrency=1");
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.on(
                "RCPT",
                line -> line.contains("here.test")
                        ? Action.after(gate, Action.reply("250 2.1.5 ok"))
                        : Action.reply("250 2.1.5 ok"));
        CompletableFuture<List<Outcome>> slow = rig.begin(Rig.message().to("ann@here.test"));
        rig.peer.awaitCommand("RCPT");
        assertThat(send("example.org")).isInstanceOf(Outcome.Relayed.class);
        assertThat(slow).isNotDone();
        gate.complete(null);
        assertThat(Rig.await(slow).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
    }

    @Test
    void aDestinationIsForgottenWithItsConnections() {
        apply("idle_timeout=100ms");
        assertThat(send("example.org")).isInstanceOf(Outcome.Relayed.class);
        rig.peer.awaitNoSession();
        assertThat(send("example.org")).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
    }
}
