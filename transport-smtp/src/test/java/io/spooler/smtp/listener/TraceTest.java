package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.transport.TraceEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who watches a listener. */
@Timeout(60)
class TraceTest {

    @TempDir
    Path directory;

    private final List<TraceEntry> seen = new CopyOnWriteArrayList<>();
    private Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> texts() {
        return seen.stream().map(TraceEntry::text).toList();
    }

    private void watch(@Nullable String lane) {
        assertThat(rig.listener.trace(lane, seen::add)).isPresent();
    }

    @Test
    void bothSidesAreSeenAndTheContentIsNot() throws Exception {
        watch(null);
        try (RawClient client = rig.connect().greet()) {
            client.mail("Subject: private\r\n\r\nvery private\r\n.\r\n");
            client.ask("MAIL FROM:<>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.send("BDAT 9\r\nprivate\r\nBDAT 0 LAST\r\n").reply();
            client.reply();
            client.ask("private");
            client.ask("QUIT");
            assertThat(client.reply()).isEmpty();
        }
        assertThat(texts())
                .containsSubsequence(
                        "connected",
                        "> 220 mx.example ESMTP Spooler",
                        "< EHLO client.example",
                        "> 250-mx.example",
                        "> 250 DSN",
                        "< MAIL FROM:<bob@example.org>",
                        "> 250 2.1.0 ok",
                        "< RCPT TO:<ann@spooler.local>",
                        "< DATA",
                        "> 354 end with <CRLF>.<CRLF>",
                        "< (content of 37 octets)",
                        "> 250 2.0.0 queued as " + rig.fake.next().id(),
                        "< BDAT 9",
                        "< BDAT 0 LAST",
                        "< (content of 9 octets)",
                        "< (hidden)",
                        "> 500 5.5.2 command not recognised",
                        "< QUIT",
                        "> 221 2.0.0 bye")
                .noneMatch(text -> text.contains("private"));
        assertThat(seen).extracting(TraceEntry::lane).containsOnly("127.0.0.1");
        assertThat(seen)
                .extracting(TraceEntry::session)
                .containsOnly(seen.get(0).session());
        assertThat(seen).extracting(TraceEntry::time).containsOnly(Rig.NOW);
    }

    @Test
    void sessionsAreToldApart() throws Exception {
        watch(null);
        try (RawClient one = rig.connect().greet();
                RawClient two = rig.connect().greet()) {
            one.ask("NOOP one");
            two.ask("NOOP two");
        }
        assertThat(session("< NOOP one")).isNotEqualTo(session("< NOOP two"));
    }

    private String session(String text) {
        return seen.stream()
                .filter(entry -> entry.text().equals(text))
                .findFirst()
                .orElseThrow()
                .session();
    }

    @Test
    void anotherClientIsNotSeenAndAnEndedTraceSeesNothing() throws Exception {
        watch("192.0.2.1");
        rig.listener.trace(null, seen::add).orElseThrow().run();
        try (RawClient client = rig.connect().greet()) {
            client.ask("NOOP");
            assertThat(seen).isEmpty();
            watch("127.0.0.1");
            client.ask("NOOP \u001b[2J" + "x".repeat(1000));
            assertThat(texts().get(0)).startsWith("< NOOP  [2Jxxx").hasSizeLessThan(520);
            seen.clear();
        }
    }

    @Test
    void secretsAreBlanked() throws Exception {
        TestKeys keys = TestKeys.make(directory);
        rig.close();
        rig = new Rig("tls", "may", "tls_certificate", "" + keys.certificate(), "tls_key", "" + keys.key());
        rig.users = new TestUsers();
        watch(null);
        String plain = ScramClient.encode("\0user\0pencil");
        String user = ScramClient.encode("user");
        String password = ScramClient.encode("pencil");
        String token = ScramClient.encode("user=user\1auth=Bearer pencil\1\1");
        ScramClient scram = new ScramClient("user");
        String challenge;
        String proof;
        try (RawClient client = encrypted(keys)) {
            client.ask("AUTH XOAUTH2 " + token);
            client.ask(token);
            client.ask("auth plain " + plain + "x");
            client.ask("AUTH  PLAIN " + plain);
            client.ask("AUTH PLAIN");
            client.ask("*");
            client.ask("AUTH LOGIN");
            client.ask(user);
            client.ask(ScramClient.encode("wrong"));
            client.ask(password);
            challenge = client.ask("AUTH SCRAM-SHA-256 " + scram.hello());
            proof = scram.proof(ScramClient.decode(challenge), "pencil");
            client.ask(proof);
            assertThat(client.ask("")).startsWith("235");
        }
        try (RawClient client = encrypted(keys)) {
            client.ask("AUTH PLAIN");
            assertThat(client.ask(plain)).startsWith("235");
        }
        try (RawClient client = rig.connect().greet()) {
            assertThat(client.ask("AUTH PLAIN " + plain)).as("in clear text").startsWith("538");
            assertThat(client.ask(password)).startsWith("500");
        }
        assertThat(texts())
                .containsSubsequence(
                        "< STARTTLS",
                        "encrypted",
                        "< AUTH (hidden)",
                        "> 504 5.5.4 mechanism not known",
                        "< auth plain (hidden)",
                        "> 501 5.5.2 not Base64",
                        "< AUTH (hidden)",
                        "< AUTH PLAIN",
                        "> 334 (challenge)",
                        "< (hidden)",
                        "> 501 5.7.0 log-in cancelled",
                        "< AUTH LOGIN",
                        "> 535 5.7.8 name or password is wrong",
                        "< AUTH SCRAM-SHA-256 (hidden)",
                        "> 334 (challenge)",
                        "< (hidden)",
                        "> 334 (challenge)",
                        "> 235 2.7.0 logged in");
        for (String secret : List.of(plain, user, password, token, scram.hello(), challenge.substring(4), proof)) {
            assertThat(texts()).noneMatch(text -> text.contains(secret));
        }
        assertThat(texts()).noneMatch(text -> text.contains(ScramClient.encode(scram.signature())));
    }

    private RawClient encrypted(TestKeys keys) throws Exception {
        RawClient client = rig.connect().greet();
        client.ask("STARTTLS");
        client.encrypt(keys.client()).ask("EHLO client.example");
        return client;
    }
}
