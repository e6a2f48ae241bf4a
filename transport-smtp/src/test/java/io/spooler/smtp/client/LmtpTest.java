package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Reply;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LMTP (RFC 2033): each accepted recipient has its own answer behind the content. */
class LmtpTest {

    private final Rig rig = new Rig("protocol=lmtp", "concurrency=1");

    @BeforeEach
    void asMailStoresDo() {
        rig.peer.extensions("PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void answer(String verb) {
        rig.peer.on(verb, line -> {
            String reply = line.contains("<full@") ? "452 4.2.2 full" : "250 2.1.5 saved";
            return Action.reply(line.contains("<no@") ? "550 5.7.1 no" : reply);
        });
    }

    private List<Outcome> send(String... names) {
        String[] mailboxes = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            mailboxes[i] = names[i] + "@example.org";
        }
        return rig.send(Rig.message().to(mailboxes));
    }

    @Test
    void eachHasItsOwnAnswer() {
        answer(".");
        rig.peer.on("RCPT", line -> Action.reply(line.contains("<gone@") ? "550 5.1.1 gone" : "250 2.1.5 ok"));
        assertThat(send("ann", "full", "gone", "no", "bob"))
                .containsExactly(
                        new Outcome.Delivered(new Reply("2.1.5", "250 2.1.5 saved")),
                        Outcome.Deferred.recipient(new Reply("4.2.2", "452 4.2.2 full")),
                        new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 gone")),
                        new Outcome.Failed(new Reply("5.7.1", "550 5.7.1 no")),
                        new Outcome.Delivered(new Reply("2.1.5", "250 2.1.5 saved")));
        assertThat(rig.peer.commands()).startsWith("LHLO client.test");
    }

    @Test
    void alsoWithChunks() {
        rig.peer.extensions("PIPELINING", "CHUNKING");
        answer("BDAT");
        assertThat(send("ann", "no"))
                .containsExactly(
                        new Outcome.Delivered(new Reply("2.1.5", "250 2.1.5 saved")),
                        new Outcome.Failed(new Reply("5.7.1", "550 5.7.1 no")));
    }

    @Test
    void theConnectionIsUsedAgain() {
        for (int i = 0; i < 3; i++) {
            assertThat(send("ann", "bob")).allMatch(Outcome.Delivered.class::isInstance);
        }
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void whoWasAnsweredBeforeTheLossIsNotUncertain() {
        AtomicInteger answers = new AtomicInteger();
        rig.peer.on(".", line -> answers.incrementAndGet() == 1 ? Action.reply("250 2.1.5 saved") : Action.drop());
        List<Outcome> outcomes = send("ann", "bob", "eve");
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcomes.subList(1, 3))
                .allSatisfy(outcome ->
                        assertThat(((Outcome.Deferred) outcome).reply().text()).contains("possible duplicate"));
    }

    @Test
    void nobodyAcceptedMeansNoAnswer() {
        rig.peer.on("RCPT", "550 5.1.1 no", "250 2.1.5 ok");
        assertThat(send("ann")).containsExactly(new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no")));
        assertThat(send("bob")).allMatch(Outcome.Delivered.class::isInstance);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void theNextGoesBehindTheContent() {
        assertThat(send("first")).allMatch(Outcome.Delivered.class::isInstance);
        AtomicInteger answers = new AtomicInteger();
        Action saved = Action.reply("250 2.1.5 saved");
        rig.peer.on(".", line -> answers.incrementAndGet() == 1 ? Action.afterMore(saved) : saved);
        List<CompletableFuture<List<Outcome>>> all = List.of(
                rig.begin(Rig.message().to("a@example.org", "b@example.org")),
                rig.begin(Rig.message().to("c@example.org", "d@example.org")));
        all.forEach(one -> assertThat(Rig.await(one)).hasSize(2).allMatch(Outcome.Delivered.class::isInstance));
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void aServerThatKnowsOnlySmtpIsAnObstacle() {
        rig.peer.on("LHLO", "500 5.5.2 what");
        assertThat(send("ann"))
                .allSatisfy(outcome ->
                        assertThat(((Outcome.Deferred) outcome).scope()).isEqualTo(Outcome.Scope.LANE));
        assertThat(rig.peer.commands()).noneMatch(c -> c.startsWith("HELO"));
    }
}
