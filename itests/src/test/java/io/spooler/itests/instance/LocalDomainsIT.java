package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail for local domains, by SMTP and by LMTP, into mailboxes; only for those that there are. */
@Timeout(180)
class LocalDomainsIT {

    private static Instance instance;
    private static int lmtp;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        instance = Instance.in(temp.resolve("i"));
        lmtp = Ports.free();
        instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, bob");
        instance.etc("io.spooler.hooks.aliases.cfg", "file=" + instance.base().resolve("etc/aliases"));
        instance.etc("aliases", "team: LOCAL:ann, LOCAL:bob");
        instance.etc(
                "io.spooler.smtp.listener-lmtp.cfg",
                "address=127.0.0.1\nport=" + lmtp + "\nprotocol=lmtp\nlocal_domains=spooler.local");
        instance.start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    private static void waitFor(String mailbox, String subject) {
        instance.shUntil("spooler:inbox " + mailbox, text -> text.contains(subject));
    }

    @Test
    void whoDoesNotExistIsRefusedAtTheDoor() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            smtp.say("MAIL FROM:<forged@example.net>");
            assertThat(smtp.say("RCPT TO:<nobody@spooler.local>")).isEqualTo("550 5.1.1 no such recipient here");
            assertThat(smtp.say("RCPT TO:<ann@spooler.local>")).startsWith("250");
            assertThat(smtp.say("RCPT TO:<Team@spooler.local>")).startsWith("250");
            assertThat(smtp.say("DATA")).startsWith("354");
            Smtp.id(smtp.say("Subject: at the door\r\n\r\nx\r\n."));
        }
        waitFor("ann", "at the door");
        waitFor("bob", "at the door");
        assertThat(instance.sh("spooler:inbox --count nobody").output()).doesNotContain("1");
        assertThat(instance.sh("spooler:queue --count").ok().strip())
                .as("no report waits")
                .isEqualTo("0");
    }

    @Test
    void whatHoldsMailExists() throws IOException {
        instance.sh("spooler:send LOCAL:carol welcome").ok();
        waitFor("carol", "welcome");
        try (Smtp smtp = Smtp.to(instance.port())) {
            smtp.queue("second for carol", "Carol@spooler.local");
        }
        waitFor("carol", "second for carol");
    }

    @Test
    void byLmtpOneThatIsGoneMeanwhileHasItsOwnAnswer() throws IOException {
        instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, bob, dora, emil");
        instance.log("the settings with dora", line -> line.contains("loopback takes mail for [ann, bob, dora, emil]"));
        try (Smtp client = Smtp.lmtp(lmtp)) {
            client.say("MAIL FROM:<forged@example.net>");
            assertThat(client.say("RCPT TO:<dora@spooler.local>")).startsWith("250");
            assertThat(client.say("RCPT TO:<emil@spooler.local>")).startsWith("250");
            instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, bob, emil");
            instance.log(
                    "the settings without dora", line -> line.contains("loopback takes mail for [ann, bob, emil]"));
            assertThat(client.say("DATA")).startsWith("354");
            assertThat(client.say("Subject: by lmtp\r\n\r\nx\r\n.")).startsWith("550 5.1.1");
            Smtp.id(client.reply());
        }
        waitFor("emil", "by lmtp");
    }

    @Test
    void bySmtpTheClientSendsOnceMore() throws IOException {
        instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, bob, finn");
        instance.log("the settings with finn", line -> line.contains("loopback takes mail for [ann, bob, finn]"));
        try (Smtp client = Smtp.to(instance.port())) {
            client.say("MAIL FROM:<forged@example.net>");
            assertThat(client.say("RCPT TO:<finn@spooler.local>")).startsWith("250");
            assertThat(client.say("RCPT TO:<ann@spooler.local>")).startsWith("250");
            instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, bob, gus");
            instance.log("the settings without finn", line -> line.contains("loopback takes mail for [ann, bob, gus]"));
            assertThat(client.say("DATA")).startsWith("451 4.2.1");
            client.say("MAIL FROM:<forged@example.net>");
            assertThat(client.say("RCPT TO:<finn@spooler.local>")).startsWith("550 5.1.1");
        }
    }
}
