package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.spooler.Address;
import io.spooler.access.RecipientCheck;
import io.spooler.access.RecipientCheck.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether recipients exist is asked before mail is taken for them. */
@Timeout(60)
class RecipientCheckTest {

    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";

    private final Rig rig = new Rig("relay_networks", "127.0.0.1");
    private final Set<String> present = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        rig.close();
    }

    private static RecipientCheck says(Verdict verdict) {
        return recipient -> CompletableFuture.completedFuture(verdict);
    }

    private CompletableFuture<Verdict> look(Address recipient) {
        return CompletableFuture.completedFuture(
                present.contains(recipient.localPart()) ? Verdict.KNOWN : Verdict.UNKNOWN);
    }

    private RawClient begun() throws Exception {
        RawClient client = rig.connect().greet();
        client.ask("MAIL FROM:<bob@example.org>");
        return client;
    }

    /** A session with recipients, ann and bob, who are there when they are named. */
    private RawClient begunForTwo(String hello) throws Exception {
        present.addAll(List.of("ann", "bob"));
        rig.recipients = List.of(this::look);
        RawClient client = rig.connect();
        client.reply();
        client.ask(hello + " client.example");
        client.ask("MAIL FROM:<carol@example.org>");
        assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250");
        assertThat(client.ask("RCPT TO:<bob@spooler.local>")).startsWith("250");
        assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250");
        return client;
    }

    @Test
    void unknownOnesAreRefusedAtOnce() throws Exception {
        rig.recipients = List.of(this::look);
        present.add("ann");
        try (RawClient client = begun()) {
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250 2.1.5");
            assertThat(client.ask("RCPT TO:<bob@spooler.local>")).isEqualTo("550 5.1.1 no such recipient here");
            assertThat(client.ask("RCPT TO:<bob@elsewhere.example>"))
                    .as("not asked of other domains")
                    .startsWith("250 2.1.5");
            assertThat(client.ask("RCPT TO:<Postmaster@spooler.local>")).startsWith("250 2.1.5");
            client.ask("DATA");
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
        }
        assertThat(rig.fake.next().envelope().recipients()).hasSize(3);
    }

    @Test
    void oneIsEnoughToKnowAndAllAreNeededToSayNo() throws Exception {
        try (RawClient client = begun()) {
            rig.recipients = List.of(says(Verdict.UNKNOWN), says(Verdict.LATER), says(Verdict.KNOWN));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250");
            rig.recipients = List.of(says(Verdict.NOT_MINE), says(Verdict.UNKNOWN));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("550 5.1.1");
            rig.recipients = List.of(says(Verdict.UNKNOWN), says(Verdict.LATER));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
        }
    }

    @Test
    void whereNobodySpeaksForADomainItIsATemporaryMatter() throws Exception {
        try (RawClient client = begun()) {
            rig.recipients = List.of();
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            rig.recipients = List.of(says(Verdict.NOT_MINE));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
        }
    }

    @Test
    void uncheckedDomainsAreNotAskedAbout() throws Exception {
        rig.apply("local_domains", "spooler.local, far.example", "unchecked_domains", "FAR.example");
        rig.recipients = List.of(says(Verdict.UNKNOWN));
        try (RawClient client = begun()) {
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("550 5.1.1");
            assertThat(client.ask("RCPT TO:<ann@far.example>")).startsWith("250");
            assertThat(client.ask("DATA")).startsWith("354");
        }
    }

    @Test
    void theAnswerMayTakeItsTime() throws Exception {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        AtomicReference<Address> asked = new AtomicReference<>();
        rig.recipients = List.of(recipient -> {
            asked.set(recipient);
            return verdict;
        });
        try (RawClient client = begun();
                RawClient other = begun()) {
            client.send("RCPT TO:<ann@spooler.local>\r\nDATA\r\n");
            assertThat(other.ask("NOOP")).as("nobody else waits").startsWith("250");
            verdict.complete(Verdict.KNOWN);
            assertThat(client.reply()).startsWith("250 2.1.5");
            assertThat(client.reply()).startsWith("354");
            assertThat(asked).hasValue(Address.smtp("ann@spooler.local"));
        }
    }

    @Test
    void whoNeverAnswersIsNotWaitedForForEver() throws Exception {
        MockTicker ticker = Ticker.newMockTicker();
        CompletableFuture<Verdict> never = new CompletableFuture<>();
        QuietSession session = new QuietSession(
                QuietSession.settings(), new Sessions(), new FakeSpooler(), ticker, List.of(recipient -> never));
        session.ask("EHLO a\r\nMAIL FROM:<bob@example.org>\r\n");
        assertThat(session.ask("RCPT TO:<ann@spooler.local>\r\n")).isEmpty();
        QuietSession.pass(ticker, Duration.ofSeconds(311));
        assertThat(session.ask("")).isEqualTo("451 4.3.0 local error, try again later\r\n");
        never.complete(Verdict.KNOWN);
        assertThat(session.ask("DATA\r\n")).as("too late").startsWith("554 5.5.1");
    }

    @Test
    void whatCannotBeSaidIsATemporaryMatter() throws Exception {
        try (RawClient client = begun()) {
            rig.recipients = List.of(says(Verdict.LATER));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            rig.recipients =
                    List.of(recipient -> CompletableFuture.failedFuture(new IllegalStateException("as wanted")));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            rig.recipients = List.of(recipient -> {
                throw new IllegalStateException("as the test wants it");
            });
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            assertThat(client.ask("DATA")).startsWith("554 5.5.1");
            rig.recipients = List.of(Rig.EVERYBODY);
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250");
        }
    }

    @Test
    void bySmtpOneThatIsGoneBeforeTheContentSendsTheClientBack() throws Exception {
        try (RawClient client = begunForTwo("EHLO")) {
            present.remove("bob");
            assertThat(client.ask("DATA")).startsWith("451 4.2.1");
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("503");
        }
        try (RawClient client = begunForTwo("EHLO")) {
            present.clear();
            assertThat(client.ask("DATA")).isEqualTo("550 5.1.1 no such recipient here");
            assertThat(client.ask("Subject: x")).as("may be content").startsWith("554 5.5.0");
        }
        try (RawClient client = begunForTwo("EHLO")) {
            rig.recipients = List.of(says(Verdict.LATER));
            assertThat(client.ask("DATA")).startsWith("451 4.3.0");
        }
        assertThat(rig.fake.begun).hasValue(0);
    }

    @Test
    void alsoBeforeTheFirstChunk() throws Exception {
        try (RawClient client = begunForTwo("EHLO")) {
            present.remove("bob");
            client.send("BDAT 3\r\na\r\nBDAT 3 LAST\r\nb\r\nNOOP\r\n");
            assertThat(client.reply()).startsWith("451 4.2.1");
            assertThat(client.reply()).startsWith("503");
            assertThat(client.reply()).as("the octets of both are read").startsWith("250 2.0.0 ok");
        }
        try (RawClient client = begunForTwo("EHLO")) {
            client.send("BDAT 3\r\na\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 3 octets");
            present.clear();
            client.send("BDAT 3 LAST\r\nb\r\n");
            assertThat(client.reply()).as("it has begun").startsWith("250 2.0.0 queued");
        }
    }

    @Test
    void byLmtpTheOthersGetItAndEachHasItsAnswer() throws Exception {
        rig.apply("protocol", "lmtp");
        try (RawClient client = begunForTwo("LHLO")) {
            present.remove("ann");
            client.ask("DATA");
            client.send(CONTENT);
            assertThat(client.reply()).isEqualTo("550 5.1.1 no such recipient here");
            assertThat(client.reply()).startsWith("250 2.0.0 queued");
            assertThat(client.reply()).as("named twice").isEqualTo("550 5.1.1 no such recipient here");
            assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 ok");
        }
        assertThat(rig.fake.next().envelope().recipients())
                .extracting(recipient -> recipient.address().localPart())
                .containsExactly("bob");
        try (RawClient client = begunForTwo("LHLO")) {
            present.clear();
            assertThat(client.ask("DATA")).as("no content follows").startsWith("550 5.1.1");
        }
    }

    @Test
    void beforeTheContentTheAnswerMayTakeItsTime() throws Exception {
        try (RawClient client = begunForTwo("EHLO")) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            CompletableFuture<Address> asked = new CompletableFuture<>();
            rig.recipients = List.of(recipient -> {
                asked.complete(recipient);
                return verdict;
            });
            client.send("BDAT 3 LAST\r\na\r\n");
            asked.join();
            verdict.complete(Verdict.KNOWN);
            assertThat(client.reply()).startsWith("250 2.0.0 queued");
        }
    }
}
