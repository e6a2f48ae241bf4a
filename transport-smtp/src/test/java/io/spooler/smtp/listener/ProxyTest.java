package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, versions 1 and 2. */
@Timeout(60)
class ProxyTest {

    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 5000 25\r\n";
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String OCTETS = SIGNATURE + "!\u0011\0\u000c\u00c0\0\u0002\u0008\u00c63d\u0001\1\2\0\u0019";

    @TempDir
    Path directory;

    private Rig rig = new Rig("proxy_networks", "127.0.0.1", "relay_networks", "192.0.2.0/24");

    @AfterEach
    void close() {
        rig.close();
    }

    private static String parse(String text) throws Exception {
        ByteBuf in = Unpooled.copiedBuffer(text + "rest", StandardCharsets.ISO_8859_1);
        ProxyParser.Result result = ProxyParser.parse(in, InetAddress.getByName("203.0.113.1"));
        InetAddress client = result.client();
        if (client != null) {
            assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("rest");
            return client.getHostAddress();
        }
        return result.isWrong() ? "wrong" : "more";
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 198.51.100.1 5000 25, 192.0.2.7",
        "PROXY TCP6 2001:db8::7 2001:db8::1 5000 25, 2001:db8:0:0:0:0:0:7",
        "PROXY UNKNOWN, 203.0.113.1",
        "PROXY UNKNOWN ffff:f::1 ffff:f::2 65535 65535, 203.0.113.1",
        "PROXY TCP4 2001:db8::7 2001:db8::1 5000 25, wrong",
        "PROXY TCP6 192.0.2.7 198.51.100.1 5000 25, wrong",
        "PROXY TCP4 host.example 198.51.100.1 5000 25, wrong",
        "PROXY TCP4 192.0.2.7 198.51.100.1 5000, wrong",
        "PROXY UDP4 192.0.2.7 198.51.100.1 5000 25, wrong",
        "EHLO a, wrong"
    })
    void linesAreRead(String line, String client) throws Exception {
        assertThat(parse(line + "\r\n")).isEqualTo(client);
    }

    @Test
    void octetsAreRead() throws Exception {
        String six = " \u0001\r\u00b8" + "\0".repeat(11) + "\u0009" + "\0".repeat(16) + "\0\0\0\0";
        assertThat(parse(OCTETS)).isEqualTo("192.0.2.8");
        assertThat(parse(SIGNATURE + "!!\0$" + six)).isEqualTo("2001:db8:0:0:0:0:0:9");
        assertThat(parse(SIGNATURE + "!!\0(" + six + "more")).isEqualTo("2001:db8:0:0:0:0:0:9");
        assertThat(parse(SIGNATURE + " \0\0\0")).as("of its own accord").isEqualTo("203.0.113.1");
        assertThat(parse(SIGNATURE + "!\0\0\0")).as("of another kind").isEqualTo("203.0.113.1");
        assertThat(parse(SIGNATURE + "!\u0011\0\u0004abcd")).as("too short").isEqualTo("wrong");
        assertThat(parse(SIGNATURE + "1\u0011\0\u000c")).as("version 3").isEqualTo("wrong");
        assertThat(parse(SIGNATURE + "!\u0011\u0008\u0001")).as("absurd length").isEqualTo("wrong");
    }

    @Test
    void whatHasNotComeIsWaitedForWithinBounds() throws Exception {
        ByteBuf in = Unpooled.buffer();
        for (String whole : new String[] {LINE, OCTETS}) {
            for (byte octet : whole.getBytes(StandardCharsets.ISO_8859_1)) {
                assertThat(ProxyParser.parse(in, InetAddress.getLoopbackAddress()))
                        .isEqualTo(new ProxyParser.Result(null, false));
                in.writeByte(octet);
            }
            assertThat(ProxyParser.parse(in, InetAddress.getLoopbackAddress()).client())
                    .isNotNull();
            in.clear();
        }
        assertThat(parse("PROXY " + "x".repeat(200))).isEqualTo("wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {LINE, OCTETS})
    void theClientIsWhomTheHeaderNames(String header) throws Exception {
        for (boolean single : new boolean[] {false, true}) {
            try (RawClient client = new RawClient(rig.port(), single)) {
                client.send(header);
                client.greet().ask("MAIL FROM:<bob@example.org>");
                assertThat(client.ask("RCPT TO:<x@elsewhere.example>")).startsWith("250");
                client.ask("DATA");
                assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250 2.0.0 queued");
            }
            assertThat(rig.fake.next().text()).contains("([192.0.2.");
        }
    }

    @Test
    void anotherClientDoesNotRelay() throws Exception {
        try (RawClient client = rig.connect()) {
            client.send(LINE.replace("192.0.2.7", "203.0.113.9"));
            client.greet().ask("MAIL FROM:<bob@example.org>");
            assertThat(client.ask("RCPT TO:<x@elsewhere.example>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void withoutAHeaderThereIsNoSession() throws Exception {
        try (RawClient client = rig.connect()) {
            client.send("EHLO client.example\r\n");
            assertThat(client.rest()).doesNotContain("220", "250");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 192.0."})
    void aHeaderThatIsNotThereWithinTenSecondsEndsTheConnection(String part) {
        MockTicker ticker = Ticker.newMockTicker();
        TestChannel channel = proxied(ticker, part);
        ticker.advance(9_999, TimeUnit.MILLISECONDS);
        channel.runLoop();
        assertThat(channel.isActive()).isTrue();
        ticker.advance(1, TimeUnit.MILLISECONDS);
        channel.runLoop();
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void behindTheHeaderTheSessionHasItsOwnTime() {
        MockTicker ticker = Ticker.newMockTicker();
        TestChannel channel = proxied(ticker, LINE);
        assertThat(channel.pipeline().get(Session.NAME)).isNotNull();
        ticker.advance(11, TimeUnit.SECONDS);
        channel.runLoop();
        assertThat(channel.isActive()).isTrue();
        channel.close();
    }

    /** A connection of a load balancer that has said something. */
    private static TestChannel proxied(Ticker ticker, String said) {
        TestChannel channel = new TestChannel(ticker);
        channel.pipeline().addLast(new ProxyHeader(client -> new ChannelInboundHandlerAdapter()));
        channel.pipeline().fireChannelActive();
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(said, StandardCharsets.US_ASCII));
        channel.runLoop();
        return channel;
    }

    @Test
    void aStrangersHeaderIsNotBelieved() throws Exception {
        rig.close();
        rig = new Rig("proxy_networks", "192.0.2.0/24", "relay_networks", "192.0.2.0/24");
        try (RawClient client = rig.connect()) {
            client.reply();
            assertThat(client.ask(LINE.strip())).startsWith("500 5.5.2");
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<bob@example.org>");
            assertThat(client.ask("RCPT TO:<x@elsewhere.example>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void tlsBeginsBehindIt() throws Exception {
        TestKeys keys = TestKeys.make(directory);
        rig.close();
        rig = new Rig(
                "proxy_networks",
                "127.0.0.1",
                "tls",
                "implicit",
                "tls_certificate",
                "" + keys.store(),
                "tls_password",
                TestKeys.PASSWORD);
        try (RawClient client = rig.connect()) {
            client.send(LINE).encrypt(keys.client());
            assertThat(client.reply()).startsWith("220");
        }
    }
}
