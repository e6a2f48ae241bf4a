package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Action;
import io.spooler.transport.TraceEntry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody sees who watches. */
class TraceTest {

    private final Rig rig = new Rig();
    private final List<TraceEntry> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> texts() {
        return seen.stream().map(TraceEntry::text).toList();
    }

    @Test
    void bothSidesAreSeenAndTheContentIsNot() {
        rig.client.trace(null, seen::add);
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(texts().get(0)).startsWith("connected to ");
        assertThat(texts())
                .containsSubsequence(
                        "< 220 peer.test ready",
                        "> EHLO client.test",
                        "< 250-peer.test",
                        "> MAIL FROM:<sender@example.org> SIZE=20",
                        "> RCPT TO:<ann@example.org>",
                        "> DATA",
                        "< 354 go ahead",
                        "< 250 2.0.0 taken")
                .anyMatch(text -> text.startsWith("> (content of 20 octets, "))
                .noneMatch(text -> text.contains("Subject"));
        assertThat(seen)
                .extracting(TraceEntry::session)
                .containsOnly(seen.get(0).session());
    }

    @Test
    void secretsAreBlanked() {
        rig.peer.extensions("AUTH=LOGIN").on("AUTH", "334 VXNlcm5hbWU6").on("*", "334 UGFzc3dvcmQ6", "235 2.7.0 ok");
        rig.client.trace(null, seen::add);
        rig.apply("user=ann", "password=very-secret");
        rig.sendOne(Rig.message().to("ann@example.org"));
        String secret = Base64.getEncoder().encodeToString("very-secret".getBytes(StandardCharsets.UTF_8));
        assertThat(texts())
                .containsSubsequence("> AUTH LOGIN (hidden)", "< 334 (challenge)", "> (hidden)", "< 235 2.7.0 ok")
                .noneMatch(text -> text.contains(secret) || text.contains("very-secret"));
        rig.peer.extensions("AUTH PLAIN").on("AUTH", "235 2.7.0 ok");
        rig.apply("user=ann", "password=very-secret");
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(texts()).contains("> AUTH PLAIN (hidden)").noneMatch(text -> text.contains("AGFubg"));
    }

    @Test
    void aProofAndATokenAreBlanked() {
        rig.peer.extensions("AUTH SCRAM-SHA-256").on("AUTH", line -> {
            String said = new String(Base64.getDecoder().decode(line.replaceFirst(".* ", "")), StandardCharsets.UTF_8);
            String nonce = said.replaceFirst(".*r=", "") + "x";
            return Action.reply("334 " + encode("r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        });
        rig.peer.on("*", "334 " + encode("v=AAAA"));
        rig.client.trace(null, seen::add);
        rig.apply("user=ann", "password=very-secret");
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(texts())
                .containsSubsequence(
                        "> AUTH SCRAM-SHA-256 (hidden)", "< 334 (challenge)", "> (hidden)", "< 334 (challenge)");
        rig.peer.extensions("AUTH XOAUTH2").on("AUTH", "334 " + encode("{}")).on("*", "535 5.7.8 no");
        rig.tokens.put("cloud", user -> CompletableFuture.completedFuture("very-secret"));
        rig.apply("user=ann", "token_supplier=cloud");
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(texts())
                .containsSubsequence("> AUTH XOAUTH2 (hidden)", "< 334 (challenge)", "> (hidden)", "< 535 5.7.8 no");
        // What was said is known to the peer alone.
        List<String> said = rig.peer.commands().stream()
                .filter(command -> command.length() > 12 && !command.startsWith("EHLO"))
                .map(command -> command.replaceFirst(".* ", ""))
                .toList();
        assertThat(said).hasSize(3);
        assertThat(texts()).noneMatch(text -> said.stream().anyMatch(text::contains));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anotherLaneIsNotSeenAndAnEndedTraceSeesNothing() {
        rig.client.trace("example.net", seen::add);
        rig.client.trace(null, seen::add).orElseThrow().run();
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(seen).isEmpty();
    }
}
