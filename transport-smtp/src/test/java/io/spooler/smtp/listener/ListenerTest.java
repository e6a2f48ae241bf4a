package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.spooler.testkit.TestConsignment;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings and port. */
@Timeout(60)
class ListenerTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void settings(String... settings) {
        rig.close();
        rig = new Rig(settings);
    }

    private void assertServes(int port) throws Exception {
        try (RawClient client = new RawClient(port, false)) {
            assertThat(client.reply()).startsWith("220");
        }
    }

    @Test
    void saysWhereItListens() throws Exception {
        assertThat(rig.listener.status().condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(rig.listener.status().text()).isEqualTo("listening on 127.0.0.1:" + rig.port());
    }

    @Test
    void wrongSettingsAreNamedAndNothingListens() {
        settings("port", "x", "relay_networks", "300.1.1.1/8", "max_recipents", "3");
        assertThat(rig.listener.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(rig.listener.status().text())
                .startsWith("io.spooler.smtp.listener-test.cfg: port=x is not allowed; allowed is a whole number from 0"
                        + " to 65535; io.spooler.smtp.listener-test.cfg: relay_networks=300.1.1.1/8 is not allowed;"
                        + " allowed is networks such as 192.0.2.0/24 or ::1; io.spooler.smtp.listener-test.cfg:"
                        + " max_recipents is unknown; known are address, command_timeout, greeting_delay, ");
        assertThat(rig.moves).isEmpty();
    }

    @Test
    void wrongSettingsLeaveTheFormerOnes() throws Exception {
        int port = rig.port();
        rig.apply("max_errors", "0");
        assertThat(rig.listener.status().text()).isEqualTo("listening on 127.0.0.1:" + port);
        assertServes(port);
    }

    @Test
    void anUnknownHostIsRefused() {
        settings("address", "no.such.host.invalid");
        assertThat(rig.listener.status().text()).contains("address=no.such.host.invalid is not allowed");
    }

    @Test
    void aTakenPortIsTriedAgain() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            port = taken.getLocalPort();
            settings("port", "" + port);
            assertThat(rig.listener.status().condition()).isEqualTo(Condition.FAILED);
            assertThat(rig.listener.status().text())
                    .isEqualTo("io.spooler.smtp.listener-test.cfg: port=" + port
                            + ": address already in use; choose another port or stop the other program");
            assertThat(rig.moved()).isEmpty();
        }
        while (!rig.moved().equals("127.0.0.1:" + port)) {
            assertThat(rig.listener.status().text()).contains("already in use");
        }
        assertThat(rig.listener.status().text()).isEqualTo("listening on 127.0.0.1:" + port);
        assertServes(port);
    }

    @Test
    void aForeignAddressIsNamed() {
        settings("address", "192.0.2.1");
        assertThat(rig.listener.status().text())
                .isEqualTo(
                        "io.spooler.smtp.listener-test.cfg: address=192.0.2.1: not an address of this machine; choose"
                                + " one that is, or 0.0.0.0");
    }

    @Test
    void movesToAnotherPort() throws Exception {
        int before = rig.port();
        rig.moves.clear();
        int after = freePort();
        try (RawClient open = new RawClient(before, false).greet()) {
            rig.apply("port", "" + after);
            assertThat(rig.moved()).isEqualTo("127.0.0.1:" + after);
            assertServes(after);
            assertThat(open.ask("NOOP")).as("a session that was open").startsWith("250");
            try (ServerSocket again = new ServerSocket(before, 1, LOOPBACK)) {
                assertThat(again.isBound()).as("the old port is free").isTrue();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            return free.getLocalPort();
        }
    }

    @Test
    void aMoveToATakenPortKeepsTheOldOne() throws Exception {
        int before = rig.port();
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            rig.apply("port", "" + taken.getLocalPort());
            assertThat(rig.listener.status().condition()).isEqualTo(Condition.AVAILABLE);
            assertThat(rig.listener.status().text())
                    .isEqualTo("listening on 127.0.0.1:" + before + "; io.spooler.smtp.listener-test.cfg: port="
                            + taken.getLocalPort()
                            + ": address already in use; choose another port or stop the other program");
            assertServes(before);
        }
    }

    @Test
    void movesToAnAddressThatCoversTheOldOne() throws Exception {
        int first = rig.port();
        rig.apply("port", "" + first);
        rig.apply("port", "" + first, "address", "0.0.0.0");
        assertThat(rig.listener.status().text()).isEqualTo("listening on 0.0.0.0:" + first);
        assertServes(first);
        rig.apply("port", "" + first, "address", "192.0.2.1");
        assertThat(rig.listener.status().text())
                .startsWith("listening on 0.0.0.0:" + first + "; ")
                .contains("192.0.2.1");
        assertServes(first);
    }

    @Test
    void listensToNoOtherFamily() throws Exception {
        settings("address", "0.0.0.0");
        int port = rig.port();
        assertServes(port);
        InetAddress loopback6 = NetUtil.LOCALHOST6;
        try (Socket other = new Socket()) {
            assertThatThrownBy(() -> other.connect(new InetSocketAddress(loopback6, port), 5000))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void takesNoRecipients() {
        Consignment consignment = TestConsignment.of("x").to("a@b.example", "c@d.example");
        assertThat(rig.listener.deliver(consignment))
                .isCompletedWithValue(List.of(new Outcome.NotMine(), new Outcome.NotMine()));
    }
}
