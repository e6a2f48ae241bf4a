package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** dnsjava against a name server on 127.0.0.1. */
class DnsTextsTest {

    private static final int TTL = 300;
    private static final Name KEY = Name.fromConstantString("s1._domainkey.example.org.");
    private static final Name BROKEN = Name.fromConstantString("broken.example.org.");

    private final AtomicInteger questions = new AtomicInteger();
    private DatagramSocket socket;
    private DnsTexts texts;

    @BeforeEach
    void start() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread thread = new Thread(this::serve, "test-dns");
        thread.setDaemon(true);
        thread.start();
        texts = new DnsTexts(List.of((InetSocketAddress) socket.getLocalSocketAddress()), Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private Message answer(Message query) {
        questions.incrementAndGet();
        Record question = query.getQuestion();
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        if (question.getName().equals(KEY)) {
            answer.addRecord(
                    new TXTRecord(KEY, DClass.IN, TTL, List.of("v=DKIM1; p=" + "x".repeat(200), "yz")), Section.ANSWER);
        } else {
            answer.getHeader().setRcode(question.getName().equals(BROKEN) ? Rcode.SERVFAIL : Rcode.NXDOMAIN);
        }
        return answer;
    }

    private List<String> at(String name) throws Exception {
        return texts.at(name).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void joinsTheStringsOfARecordAndKeepsIt() throws Exception {
        List<String> once = at("s1._domainkey.example.org");
        assertThat(once).containsExactly("v=DKIM1; p=" + "x".repeat(200) + "yz");
        assertThat(at("S1._domainkey.example.org")).isEqualTo(once);
        assertThat(questions).hasValue(1);
    }

    @Test
    void tellsNothingFromNoAnswer() throws Exception {
        assertThat(at("none.example.org")).isEmpty();
        assertThat(at("no..name")).isEmpty();
        assertThat(at("x".repeat(64) + ".example.org")).isEmpty();
        assertThatThrownBy(() -> at("broken.example.org")).isInstanceOf(ExecutionException.class);
    }
}
