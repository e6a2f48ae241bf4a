package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sees of one session, and what the spooler gets. */
@Timeout(60)
class SessionTest {

    private static final String GROUP = "MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\nDATA\r\n";
    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";

    private Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private RawClient client() throws Exception {
        return rig.connect().greet();
    }

    private void settings(String... settings) {
        rig.close();
        rig = new Rig(settings);
    }

    @Test
    void theBannerAndTheExtensions() throws Exception {
        try (RawClient client = rig.connect()) {
            assertThat(client.reply()).isEqualTo("220 mx.example ESMTP Spooler");
            assertThat(client.ask("ehlo [127.0.0.1]"))
                    .isEqualTo("250-mx.example\n250-PIPELINING\n250-SIZE 52428800\n250-8BITMIME\n250-SMTPUTF8\n"
                            + "250-ENHANCEDSTATUSCODES\n250-CHUNKING\n250 DSN");
            assertThat(client.ask("HELO there")).isEqualTo("250 mx.example");
            assertThat(client.ask("HELP")).startsWith("214 2.0.0 ");
            assertThat(client.ask("noop what ever")).startsWith("250 2.0.0 ");
            assertThat(client.ask("QUIT")).startsWith("221 2.0.0 ");
            assertThat(client.reply()).isEmpty();
        }
    }

    @Test
    void aMessageArrivesWithATraceHeader() throws Exception {
        try (RawClient client = client()) {
            String reply = client.mail("Subject: dots\r\n\r\n..\r\n..two\r\nmid.dle\r\n\u00e4\u0001\r\n.\r\n");
            FakeSpooler.Committed message = rig.fake.next();
            assertThat(reply).isEqualTo("250 2.0.0 queued as " + message.id());
            assertThat(message.text())
                    .isEqualTo("Received: from client.example\r\n ([127.0.0.1])\r\n by mx.example with ESMTP\r\n id "
                            + message.id() + ";\r\n Sun, 1 Mar 2026 12:00:00 +0000\r\n"
                            + "Subject: dots\r\n\r\n.\r\n.two\r\nmid.dle\r\n\u00e4\u0001\r\n");
            assertThat(message.envelope())
                    .isEqualTo(new Envelope(
                            Address.smtp("bob@example.org"),
                            java.util.List.of(Recipient.of(Address.smtp("ann@spooler.local"))),
                            Envelope.Options.DEFAULT));
        }
    }

    @Test
    void anOldClientIsNamedSo() throws Exception {
        try (RawClient client = rig.connect()) {
            client.reply();
            client.ask("HELO <script>");
            client.mail(CONTENT);
            assertThat(rig.fake.next().text())
                    .startsWith("Received: from ?script?\r\n")
                    .contains(" with SMTP\r\n");
        }
    }

    @Test
    void wishesReachTheEnvelope() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.ask("MAIL FROM:<> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=hdrs ENVID=QQ+2B1"))
                    .startsWith("250");
            assertThat(client.ask("RCPT TO:<j\u00c3\u00b6rg@spooler.local> NOTIFY=success,delay "
                            + "ORCPT=rfc822;Joe+2BX@spooler.local"))
                    .startsWith("250");
            assertThat(client.ask("RCPT TO:<PostMaster> NOTIFY=NEVER")).startsWith("250");
            client.ask("DATA");
            client.send(CONTENT).reply();
            FakeSpooler.Committed message = rig.fake.next();
            assertThat(message.envelope())
                    .isEqualTo(new Envelope(
                            null,
                            java.util.List.of(
                                    new Recipient(
                                            Address.smtp("j\u00f6rg@spooler.local"),
                                            Set.of(Notify.SUCCESS, Notify.DELAY),
                                            "rfc822;Joe+X@spooler.local",
                                            null),
                                    new Recipient(
                                            Address.smtp("PostMaster@spooler.local"),
                                            Set.of(Notify.NEVER),
                                            null,
                                            null)),
                            new Envelope.Options(null, null, null, Envelope.Return.HEADERS, "QQ+1", true)));
            assertThat(message.text()).contains(" with UTF8SMTP\r\n");
        }
    }

    @Test
    void quotesComeBackWhereTheyAreNeeded() throws Exception {
        try (RawClient client = client()) {
            client.ask("MAIL FROM:<\"b\\ob\"@example.org>");
            client.ask("RCPT TO:<\"an\\\"n \\\\lee\"@Spooler.Local>");
            client.ask("DATA");
            client.send(CONTENT).reply();
            Envelope envelope = rig.fake.next().envelope();
            assertThat(envelope.sender()).isEqualTo(Address.smtp("bob@example.org"));
            assertThat(envelope.recipients())
                    .containsExactly(Recipient.of(Address.smtp("\"an\\\"n \\\\lee\"@Spooler.Local")));
        }
    }

    @Test
    void trustedClientsSendAnywhere() throws Exception {
        settings("relay_networks", "10.0.0.0/8, 127.0.0.0/8");
        try (RawClient client = client()) {
            client.ask("MAIL FROM:<bob@example.org>");
            assertThat(client.ask("RCPT TO:<x%y@elsewhere.example>")).startsWith("250");
            assertThat(client.ask("RCPT TO:<x@[192.0.2.1]>")).startsWith("250");
            assertThat(client.ask("RCPT TO:<@a.example:x@b.example>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void lenientTakesWhatOthersSend() throws Exception {
        settings("lenient", "true");
        try (RawClient client = client()) {
            assertThat(client.ask("MAIL FROM: bob@ex_ample.org SIZE=3")).startsWith("250");
            assertThat(client.ask("RCPT TO: <ann@spooler.local>")).startsWith("250");
            assertThat(client.ask("RCPT TO:ann@spooler.local <x@spooler.local>"))
                    .startsWith("501");
        }
    }

    @Test
    void aHundredMessagesPipelined() throws Exception {
        rig.fake.onCommit = m -> CompletableFuture.supplyAsync(m::id);
        try (RawClient client = client()) {
            client.send(GROUP);
            for (int i = 0; i < 100; i++) {
                assertThat(client.reply()).startsWith("250 2.1.0");
                assertThat(client.reply()).startsWith("250 2.1.5");
                assertThat(client.reply()).startsWith("354");
                // The end of one message and the whole envelope of the next in one write.
                client.send("Subject: " + i + "\r\n\r\n.\r\n" + (i < 99 ? GROUP : "QUIT\r\n"));
                assertThat(client.reply()).startsWith("250 2.0.0 queued as ");
                assertThat(rig.fake.next().body()).isEqualTo("Subject: " + i + "\r\n\r\n");
            }
            assertThat(client.reply()).startsWith("221");
        }
    }

    @Test
    void aThousandCommandsInOneWrite() throws Exception {
        try (RawClient client = client()) {
            client.send("NOOP\r\nRSET\r\n".repeat(1000) + "QUIT\r\n");
            for (int i = 0; i < 2000; i++) {
                assertThat(client.reply()).isEqualTo("250 2.0.0 ok");
            }
            assertThat(client.reply()).startsWith("221");
        }
    }

    @Test
    void contentMustWaitForItsTurn() throws Exception {
        try (RawClient client = client()) {
            client.send((GROUP + CONTENT).repeat(100));
            assertThat(client.reply()).startsWith("250 2.1.0");
            assertThat(client.reply()).startsWith("250 2.1.5");
            assertThat(client.reply()).startsWith("554 5.5.0");
            assertThat(client.reply()).isEmpty();
        }
        assertThat(rig.fake.begun).hasValue(0);
    }

    @Test
    void talkingBeforeTheBannerEndsTheSession() throws Exception {
        settings("greeting_delay", "5s");
        try (RawClient client = rig.connect()) {
            client.send("EHLO early.example\r\n");
            assertThat(client.reply()).startsWith("554 5.5.0");
            assertThat(client.reply()).isEmpty();
        }
    }

    @Test
    void theGreetingWaits() throws Exception {
        settings("greeting_delay", "100ms");
        long start = System.nanoTime();
        try (RawClient client = rig.connect()) {
            assertThat(client.reply()).startsWith("220");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(95);
            assertThat(client.ask("EHLO patient.example")).startsWith("250");
        }
    }

    @Test
    void oneRecipientTooMany() throws Exception {
        try (RawClient client = client()) {
            client.ask("MAIL FROM:<bob@example.org>");
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 1001; i++) {
                all.append("RCPT TO:<r").append(i).append("@spooler.local>\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 1000; i++) {
                assertThat(client.reply()).startsWith("250 2.1.5");
            }
            assertThat(client.reply()).startsWith("452 4.5.3");
            assertThat(client.ask("RCPT TO:<r7@SPOOLER.local>"))
                    .as("named twice")
                    .startsWith("250 2.1.5");
            client.ask("DATA");
            assertThat(client.send(CONTENT).reply()).startsWith("250");
            assertThat(rig.fake.next().envelope().recipients()).hasSize(1000);
        }
    }

    @Test
    void repliesWaitForASlowCommitInOrder() throws Exception {
        rig.fake.holdCommits();
        try (RawClient slow = client();
                RawClient other = client()) {
            slow.ask("MAIL FROM:<bob@example.org>");
            slow.ask("RCPT TO:<ann@spooler.local>");
            slow.ask("DATA");
            slow.send(CONTENT + "NOOP\r\nFOO\r\n");
            FakeSpooler.Committed message = rig.fake.next();
            assertThat(other.ask("NOOP")).as("another session meanwhile").startsWith("250");
            // More than buffers hold must not be swallowed meanwhile; it is only read on later.
            CompletableFuture<Void> more = CompletableFuture.runAsync(() -> {
                try {
                    slow.send("NOOP\r\n".repeat(500_000) + "QUIT\r\n");
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(other.ask("NOOP")).startsWith("250");
            message.answer().complete(message.id());
            assertThat(slow.reply()).startsWith("250 2.0.0 queued as");
            assertThat(slow.reply()).startsWith("250 2.0.0 ok");
            assertThat(slow.reply()).startsWith("500 5.5.2");
            for (int i = 0; i < 500_000; i++) {
                assertThat(slow.reply()).isEqualTo("250 2.0.0 ok");
            }
            assertThat(slow.reply()).startsWith("221");
            more.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutASpoolerMailMustWait() throws Exception {
        rig.spooler = null;
        try (RawClient client = client()) {
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).isEqualTo("451 4.3.2 spooler is not available");
            rig.spooler = rig.fake;
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            rig.spooler = null;
            assertThat(client.ask("DATA")).isEqualTo("451 4.3.2 spooler is not available");
            rig.spooler = rig.fake;
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_STORE, 451 4.3.0",
        "STORE_STOPPED, 451 4.3.0",
        "STORE_FULL, 452 4.3.1",
        "TOO_LARGE, 552 5.3.4",
        "TOO_MANY_RECIPIENTS, 452 4.5.3"
    })
    void refusalsOfTheSpoolerAreNamed(Reason reason, String reply) throws Exception {
        rig.fake.onCommit = m -> CompletableFuture.failedFuture(
                new java.util.concurrent.CompletionException(new SpoolException(reason, "as the test wants it")));
        try (RawClient client = client()) {
            assertThat(client.mail(CONTENT)).startsWith(reply);
            rig.fake.refuseBegin = reason;
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            assertThat(client.ask("DATA")).startsWith(reply);
            assertThat(client.send("hello\r\n").reply())
                    .as("never read as a command")
                    .startsWith("554 5.5.0");
        }
    }

    @Test
    void defectsOfTheSpoolerAreLocalErrors() throws Exception {
        rig.fake.onCommit = m -> {
            throw new IllegalStateException("as the test wants it");
        };
        try (RawClient client = client()) {
            assertThat(client.mail(CONTENT)).startsWith("451 4.3.0");
            rig.fake.failWrites = true;
            assertThat(client.mail(CONTENT)).startsWith("451 4.3.0");
            assertThat(rig.fake.abandoned).hasValue(1);
        }
    }

    @Test
    void aFaultyContentIsGivenUp() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.mail("a\nb\r\n.\r\n")).startsWith("550 5.5.2");
            assertThat(rig.fake.abandoned).hasValue(1);
            assertThat(client.mail(CONTENT)).startsWith("250");
        }
    }

    @Test
    void aCutConnectionLeavesNothing() throws Exception {
        try (RawClient client = client();
                RawClient polite = client()) {
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.ask("DATA");
            client.send("Subject: x\r\n\r\nhello\r\n.\r").cut();
            polite.ask("MAIL FROM:<bob@example.org>");
            polite.ask("RCPT TO:<ann@spooler.local>");
            polite.ask("DATA");
            polite.send("Subject: x\r\n\r\nhello\r\n.\r").endInput();
            assertThat(polite.reply()).as("end of connection").isEmpty();
        }
        rig.listener.close();
        assertThat(rig.fake.abandoned).hasValue(2);
        assertThat(rig.fake.accepted).isEmpty();
    }

    @Test
    void aClientThatEndsItsInputGetsEveryReply() throws Exception {
        rig.fake.holdCommits();
        try (RawClient client = client()) {
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.ask("DATA");
            client.send(CONTENT + "NOOP\r\n").endInput();
            FakeSpooler.Committed message = rig.fake.next();
            message.answer().complete(message.id());
            assertThat(client.reply()).startsWith("250 2.0.0 queued");
            assertThat(client.reply()).startsWith("250 2.0.0 ok");
            assertThat(client.reply()).isEmpty();
        }
    }

    @Test
    void inputThatComesWhileItWaitsIsServedThoughTheClientHasEndedIt() throws Exception {
        rig.fake.holdCommits();
        try (RawClient client = client()) {
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.ask("DATA");
            client.send(CONTENT + "NOOP\r\n");
            FakeSpooler.Committed message = rig.fake.next();
            client.send("NOOP\r\n".repeat(1000)).endInput();
            message.answer().complete(message.id());
            assertThat(client.reply()).startsWith("250 2.0.0 queued");
            for (int i = 0; i < 1001; i++) {
                assertThat(client.reply()).isEqualTo("250 2.0.0 ok");
            }
            assertThat(client.reply()).isEmpty();
        }
    }
}
