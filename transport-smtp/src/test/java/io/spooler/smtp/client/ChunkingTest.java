package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Reply;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Mail;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** BDAT (RFC 3030), where the server offers it. */
class ChunkingTest {

    private final Rig rig = new Rig("concurrency=1");

    @BeforeEach
    void offer() {
        rig.peer.extensions("PIPELINING", "CHUNKING", "8BITMIME", "ENHANCEDSTATUSCODES");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Outcome send(String text) {
        return rig.sendOne(TestConsignment.of(text).to("ann@example.org"));
    }

    @Test
    void aSmallMessageIsOneChunk() {
        assertThat(send(".a\r\n.\r\nb\n")).isEqualTo(new Outcome.Relayed(new Reply("2.0.0", "250 2.0.0 taken")));
        Mail mail = rig.peer.mails().get(0);
        assertThat(mail.chunked()).isTrue();
        assertThat(mail.text()).isEqualTo(".a\r\n.\r\nb\r\n");
        assertThat(rig.peer.commands()).endsWith("BDAT 10 LAST");
    }

    @Test
    void anEmptyMessageIsAnEmptyChunk() {
        assertThat(send("")).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).endsWith("BDAT 0 LAST");
    }

    @Test
    void aLargeMessageIsManyChunks() {
        byte[] content = ".0123456789\r\n".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(rig.sendOne(TestConsignment.of(content).to("ann@example.org")))
                .isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).content()).isEqualTo(content);
        assertThat(rig.peer.commands()).filteredOn(c -> c.startsWith("BDAT ")).hasSizeGreaterThan(10);
        assertThat(send("x\r\n")).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void aRefusedChunkRefusesTheMessage() {
        rig.peer.on("BDAT", line -> Action.reply(line.endsWith("LAST") ? "503 5.5.1 no" : "552 5.3.4 too much"));
        byte[] content = "0123456789\r\n".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(rig.sendOne(TestConsignment.of(content).to("ann@example.org")))
                .isEqualTo(new Outcome.Failed(new Reply("5.3.4", "552 5.3.4 too much")));
    }

    @Test
    void whatIsRefusedIsResetBeforeTheNext() {
        rig.peer.on("BDAT", "554 5.7.1 spam", "250 2.0.0 taken");
        assertThat(send("x\r\n")).isEqualTo(new Outcome.Failed(new Reply("5.7.1", "554 5.7.1 spam")));
        assertThat(send("y\r\n")).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).containsSubsequence("BDAT 3 LAST", "RSET", "MAIL FROM:<sender@example.org>");
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void noContentGoesToAServerThatTakesNobody() {
        rig.peer.on("RCPT", "550 5.1.1 no");
        assertThat(send("x\r\n")).isInstanceOf(Outcome.Failed.class);
        assertThat(rig.peer.commands()).noneMatch(c -> c.startsWith("BDAT"));
    }

    @Test
    void theNextGoesBehindTheChunk() {
        assertThat(send("first\r\n")).isInstanceOf(Outcome.Relayed.class);
        AtomicInteger chunks = new AtomicInteger();
        Action taken = Action.reply("250 2.0.0 taken");
        rig.peer.on("BDAT", line -> chunks.incrementAndGet() == 1 ? Action.afterMore(taken) : taken);
        List<CompletableFuture<List<Outcome>>> all = List.of("a", "b").stream()
                .map(name -> rig.begin(Rig.message().to(name + "@example.org")))
                .toList();
        all.forEach(one -> assertThat(Rig.await(one)).allMatch(Outcome.Relayed.class::isInstance));
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void lostAfterTheLastChunkIsUnknown() {
        rig.peer.always("BDAT", Action.drop());
        Outcome.Deferred outcome = (Outcome.Deferred) send("x\r\n");
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(outcome.reply().text()).contains("possible duplicate");
    }

    @Test
    void aServerThatDoesNotPipelineGetsData() {
        rig.peer.extensions("CHUNKING");
        assertThat(send("x\r\n")).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).contains("DATA");
    }
}
