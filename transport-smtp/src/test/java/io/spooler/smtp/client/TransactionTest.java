package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said to the server in one transaction, and what becomes of its replies. */
class TransactionTest {

    private static final Envelope.Options UTF8 = new Envelope.Options(null, null, null, null, null, true);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void relaysInOneGroup() {
        TestConsignment message = Rig.message().to("ann@example.org", "bob@example.org");
        assertThat(rig.send(message))
                .containsOnly(new Outcome.Relayed(new Reply("2.0.0", "250 2.0.0 taken"), true))
                .hasSize(2);
        assertThat(message.server()).isEqualTo("127.0.0.1");
        assertThat(rig.peer.commands())
                .containsExactly(
                        "EHLO client.test",
                        "MAIL FROM:<sender@example.org> SIZE=20",
                        "RCPT TO:<ann@example.org>",
                        "RCPT TO:<bob@example.org>",
                        "DATA");
        assertThat(rig.peer.sessions().get(0).wasPipelined()).isTrue();
    }

    @Test
    void waitsForEachReplyWithoutPipelining() {
        rig.peer.extensions("8BITMIME");
        rig.peer.on("RCPT", "550 no", "250 yes");
        assertThat(rig.send(Rig.message().to("ann@example.org", "bob@example.org")))
                .containsExactly(
                        new Outcome.Failed(new Reply("5.0.0", "550 no")),
                        new Outcome.Relayed(new Reply("2.0.0", "250 2.0.0 taken")));
        assertThat(rig.peer.sessions().get(0).wasPipelined()).isFalse();
        assertThat(rig.peer.mails().get(0).to()).containsExactly("RCPT TO:<bob@example.org>");
    }

    @Test
    void resetsWhatWasLeftOpen() {
        rig.peer.extensions("8BITMIME");
        rig.peer.on("RCPT", "550 5.1.1 no", "250 yes");
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Failed.class);
        assertThat(rig.sendOne(Rig.message().to("bob@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1);
        assertThat(rig.peer.commands()).contains("RSET").containsSubsequence("RSET", "MAIL FROM:<sender@example.org>");
        assertThat(rig.peer.sessions().get(0).wasPipelined()).isFalse();
    }

    @Test
    void answersEachRecipientByItsReply() {
        rig.peer.on("RCPT", "250 2.1.5 ok", "451 4.7.1 grey", "550 5.1.1 unknown", "452 4.2.2 full", "552 5.2.2 full");
        List<Outcome> outcomes = rig.send(
                Rig.message().to("a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org"));
        assertThat(outcomes)
                .containsExactly(
                        new Outcome.Relayed(new Reply("2.0.0", "250 2.0.0 taken"), true),
                        Outcome.Deferred.recipient(new Reply("4.7.1", "451 4.7.1 grey")),
                        new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 unknown")),
                        Outcome.Deferred.recipient(new Reply("4.2.2", "452 4.2.2 full")),
                        new Outcome.Failed(new Reply("5.2.2", "552 5.2.2 full")));
    }

    @Test
    void recipientsThatAreTooManyFollowInFurtherTransactions() {
        AtomicInteger taken = new AtomicInteger();
        rig.peer.on("MAIL", line -> {
            taken.set(0);
            return Action.reply("250 2.1.0 ok");
        });
        rig.peer.on("RCPT", line -> {
            if (line.contains("no")) {
                return Action.reply("550 5.1.1 no");
            }
            return Action.reply(taken.incrementAndGet() <= 2 ? "250 2.1.5 ok" : "452 4.5.3 too many");
        });
        List<Outcome> outcomes = rig.send(Rig.message()
                .to("a@example.org", "no@example.org", "b@example.org", "c@example.org", "d@example.org")
                .to("e@example.org"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
        assertThat(outcomes).filteredOn(Outcome.Relayed.class::isInstance).hasSize(5);
        assertThat(rig.peer.mails()).hasSize(3).allMatch(mail -> mail.text().contains("text"));
        assertThat(rig.peer.mails().get(2).to()).containsExactly("RCPT TO:<e@example.org>");
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void aServerThatTakesNoRecipientAtAllIsNotAskedForEver() {
        rig.peer.on("RCPT", "552 too many").on("DATA", "554 5.5.1 nobody");
        assertThat(rig.send(Rig.message().to("a@example.org", "b@example.org")))
                .containsOnly(Outcome.Deferred.recipient(new Reply("4.5.3", "552 too many")));
        assertThat(rig.peer.mails()).isEmpty();
    }

    @Test
    void keepsTheOrderWithManyRecipients() {
        rig.peer.on("RCPT", line -> Action.reply(line.contains("7@") ? "550 5.1.1 seven" : "250 2.1.5 ok"));
        TestConsignment consignment = Rig.message();
        for (int i = 0; i < 1000; i++) {
            consignment.to("r" + i + "@example.org");
        }
        List<Outcome> outcomes = rig.send(consignment);
        assertThat(outcomes).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(outcomes.get(i)).isInstanceOf(i % 10 == 7 ? Outcome.Failed.class : Outcome.Relayed.class);
        }
        assertThat(rig.peer.mails().get(0).to()).hasSize(900);
    }

    @Test
    void endsAnEmptyMessageWhenNobodyWasAccepted() {
        rig.peer.on("RCPT", "550 5.1.1 no");
        assertThat(rig.send(Rig.message().to("a@example.org", "b@example.org")))
                .containsOnly(new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no")));
        assertThat(rig.peer.mails()).hasSize(1);
        assertThat(rig.peer.mails().get(0).wire()).isEmpty();
        rig.peer.on("RCPT", "250 2.1.5 ok");
        assertThat(rig.sendOne(Rig.message().to("a@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void sendsNothingWhenDataIsRefusedToo() {
        rig.peer.on("RCPT", "550 5.1.1 no", "250 ok").on("DATA", "554 5.5.1 no recipients", "354 go");
        assertThat(rig.sendOne(Rig.message().to("a@example.org"))).isInstanceOf(Outcome.Failed.class);
        assertThat(rig.sendOne(Rig.message().to("a@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).containsSubsequence("DATA", "RSET", "DATA");
        assertThat(rig.peer.mails()).hasSize(1);
    }

    @Test
    void refusedSenderAnswersForAll() {
        rig.peer.on("MAIL", "550 5.7.1 not you", "451 4.3.0 later").on("RCPT", "503 5.5.1 MAIL first");
        rig.peer.on("DATA", "503 5.5.1 MAIL first");
        assertThat(rig.send(Rig.message().to("a@example.org", "b@example.org")))
                .containsOnly(new Outcome.Failed(new Reply("5.7.1", "550 5.7.1 not you")));
        assertThat(rig.sendOne(Rig.message().to("a@example.org")))
                .isEqualTo(new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.3.0", "451 4.3.0 later")));
    }

    @Test
    void refusedContentAnswersForTheAccepted() {
        rig.peer.on("RCPT", "250 ok", "550 5.1.1 no").on(".", "554-5.7.1 spam\r\n554 5.7.1 really");
        assertThat(rig.send(Rig.message().to("a@example.org", "b@example.org")))
                .containsExactly(
                        new Outcome.Failed(new Reply("5.7.1", "554 5.7.1 spam 5.7.1 really")),
                        new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no")));
    }

    @Test
    void temporaryRefusalOfContentIsOfTheMessage() {
        rig.peer.on(".", "451 4.3.0 disk full");
        assertThat(rig.sendOne(Rig.message().to("a@example.org")))
                .isEqualTo(new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.3.0", "451 4.3.0 disk full")));
    }

    @Test
    void dataRefusedForAReason() {
        rig.peer.on("DATA", "451 4.3.2 later");
        assertThat(rig.sendOne(Rig.message().to("a@example.org")))
                .isEqualTo(new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.3.2", "451 4.3.2 later")));
    }

    @Test
    void positiveReplyToDataIsConfusion() {
        rig.peer.on("DATA", "250 what");
        assertThat(rig.sendOne(Rig.message().to("a@example.org"))).isInstanceOf(Outcome.Deferred.class);
    }

    @Test
    void sendsTheNullSender() {
        rig.send(Rig.message().from(null).to("a@example.org"));
        assertThat(rig.peer.mails().get(0).from()).isEqualTo("MAIL FROM:<> SIZE=20");
    }

    @Test
    void passesQuotedLocalPartsAsTheyAre() {
        rig.send(Rig.message().to("\"a > b\\\" c\"@example.org", "\"\"@example.org"));
        assertThat(rig.peer.mails().get(0).to())
                .containsExactly("RCPT TO:<\"a > b\\\" c\"@example.org>", "RCPT TO:<\"\"@example.org>");
    }

    @Test
    void refusesWhatIsNoAddress() {
        List<Outcome> outcomes =
                rig.send(Rig.message().to("a b@example.org", "ok@example.org", "x> NOTIFY=NEVER<@y", "nowhere"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Relayed.class);
        Outcome refused = new Outcome.Failed(new Reply("5.1.3", "recipient is no mail address"));
        assertThat(outcomes).filteredOn(refused::equals).hasSize(3);
        assertThat(rig.sendOne(Rig.message().from("a>b@c").to("ok@example.org")))
                .isEqualTo(new Outcome.Failed(new Reply("5.1.7", "sender is no mail address")));
        assertThat(rig.peer.commands()).hasSize(4);
    }

    @Test
    void leavesOtherTypesToOthers() {
        TestConsignment consignment = Rig.message().to(Recipient.of(new Address("FAX", "1")));
        assertThat(rig.sendOne(consignment)).isEqualTo(new Outcome.NotMine());
    }

    @Test
    void passesDsnWishes() {
        Recipient ann = new Recipient(
                Address.smtp("ann@example.org"),
                Set.of(Recipient.Notify.FAILURE, Recipient.Notify.SUCCESS),
                "rfc822;Ann+=x@example.org",
                null);
        Envelope.Options options = new Envelope.Options(null, null, null, Envelope.Return.HEADERS, "id 1+2", false);
        rig.send(Rig.message().with(options).to(ann));
        assertThat(rig.peer.mails().get(0).from())
                .isEqualTo("MAIL FROM:<sender@example.org> SIZE=20 RET=HDRS ENVID=id+201+2B2");
        assertThat(rig.peer.mails().get(0).to())
                .containsExactly(
                        "RCPT TO:<ann@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ann+2B+3Dx@example.org");
    }

    private static Recipient with(String address, String original) {
        return new Recipient(Address.smtp(address), Set.of(), original, null);
    }

    @Test
    void passesAnInternationalOriginalAddressInAscii() {
        for (String extension : List.of("SMTPUTF8", "8BITMIME")) {
            rig.peer.extensions("PIPELINING", "DSN", extension);
            rig.send(Rig.message()
                    .to(with("a@example.org", "utf-8;j\u00f6rg+x@b.example"))
                    .to(with("b@example.org", "utf-8;\ud83d\ude00\\= y@b.example"))
                    .to(with("c@example.org", "UTF-8;j\\x{F6}rg@b.example"))
                    .to(with("d@example.org", "utf-8;a\u0085b@b.example"))
                    .to(with("e@example.org", "utf-8;a\ud83db@b.example"))
                    .to(with("f@example.org", "rfc822;j\u00f6rg@b.example")));
        }
        assertThat(rig.peer.mails())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(mail.to())
                        .containsExactly(
                                "RCPT TO:<a@example.org> ORCPT=utf-8;j\\x{F6}rg\\x{2B}x@b.example",
                                "RCPT TO:<b@example.org> ORCPT=utf-8;\\x{1F600}\\x{5C}\\x{3D}\\x{20}y@b.example",
                                "RCPT TO:<c@example.org> ORCPT=UTF-8;j\\x{F6}rg@b.example",
                                "RCPT TO:<d@example.org>",
                                "RCPT TO:<e@example.org>",
                                "RCPT TO:<f@example.org>"));
    }

    @Test
    void passesItAsItIsWhereTheTransactionIsInternational() {
        rig.send(Rig.message().to(with("j\u00f6rg@example.org", "utf-8;j\u00f6rg+x@b.example")));
        assertThat(rig.peer.mails().get(0).from()).endsWith(" SMTPUTF8");
        assertThat(rig.peer.mails().get(0).to())
                .containsExactly("RCPT TO:<j\u00f6rg@example.org> ORCPT=utf-8;j\u00f6rg\\x{2B}x@b.example");
    }

    @Test
    void leavesOutWhatTheServerDoesNotKnow() {
        rig.peer.extensions("PIPELINING");
        Recipient ann = new Recipient(Address.smtp("ann@example.org"), Set.of(Recipient.Notify.NEVER), null, null);
        rig.send(Rig.message().to(ann));
        assertThat(rig.peer.commands()).contains("MAIL FROM:<sender@example.org>", "RCPT TO:<ann@example.org>");
    }

    @Test
    void internationalAddressesNeedTheExtension() {
        assertThat(rig.sendOne(Rig.message().to("jürgen@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).from()).isEqualTo("MAIL FROM:<sender@example.org> SIZE=20 SMTPUTF8");
        assertThat(rig.peer.mails().get(0).to()).containsExactly("RCPT TO:<jürgen@example.org>");
    }

    @Test
    void internationalMailIsRefusedWithoutTheExtension() {
        rig.peer.extensions("PIPELINING", "8BITMIME");
        List<Outcome> outcomes = rig.send(Rig.message().to("jürgen@example.org", "ann@example.org"));
        assertThat(((Outcome.Failed) outcomes.get(0)).reply().status()).isEqualTo("5.6.7");
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Relayed.class);
        Outcome.Failed sender = (Outcome.Failed)
                rig.sendOne(Rig.message().from("jürgen@example.org").to("ann@example.org"));
        assertThat(sender.reply().status()).isEqualTo("5.6.7");
        Outcome.Failed header = (Outcome.Failed) rig.sendOne(
                TestConsignment.of("Subject: Grüße\r\n\r\nx\r\n").with(UTF8).to("ann@example.org"));
        assertThat(header.reply().status()).isEqualTo("5.6.7");
    }

    @Test
    void mailThatWasInternationalOnlyForOthersNeedsNoExtension() {
        rig.peer.extensions("PIPELINING", "8BITMIME");
        TestConsignment consignment =
                TestConsignment.of("Subject: x\r\n\r\nGrüße\r\n").with(UTF8);
        assertThat(rig.sendOne(consignment.to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).from()).isEqualTo("MAIL FROM:<sender@example.org> BODY=8BITMIME");
    }

    @Test
    void anInternationalHeaderIsSaid() {
        TestConsignment consignment =
                TestConsignment.of("Subject: Grüße\r\n\r\nx\r\n").with(UTF8);
        assertThat(rig.sendOne(consignment.to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).from()).endsWith(" BODY=8BITMIME SMTPUTF8");
    }

    @Test
    void refusesWhatTheServerAnnouncedToBeTooLarge() {
        rig.peer.extensions("PIPELINING", "SIZE 19");
        Outcome.Failed outcome = (Outcome.Failed) rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(outcome.reply().status()).isEqualTo("5.3.4");
        assertThat(rig.peer.commands()).containsExactly("EHLO client.test");
    }

    @Test
    void refusesEightBitContentWithoutTheExtension() {
        rig.peer.extensions("PIPELINING");
        Outcome.Failed outcome =
                (Outcome.Failed) rig.sendOne(TestConsignment.of("\r\nü\r\n").to("ann@example.org"));
        assertThat(outcome.reply().status()).isEqualTo("5.6.3");
    }
}
