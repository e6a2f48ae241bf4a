package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client asks wrongly, and settings that are wrong while it runs: a clear answer, and nothing is lost. */
@Timeout(120)
class RefusalsIT {

    private static final int LIMIT = 20_000;

    private static Instance instance;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        instance = Instance.in(temp.resolve("refusals"))
                .listener("max_message_size=" + LIMIT)
                .start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void refusesAMessageWithoutRecipients() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.send("a@client.test", "Subject: x\n\nx\n")).startsWith("554 5.5.1");
            smtp.queue("after a refusal", "ann@spooler.local");
        }
        assertThat(instance.sh("spooler:send").status()).isNotZero();
    }

    @Test
    void refusesAMalformedAddress() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.say("MAIL FROM:<a@client.test>")).startsWith("250");
            assertThat(smtp.say("RCPT TO:<a..b@spooler.local>")).startsWith("501 5.1.3");
            assertThat(smtp.say("RCPT TO:<ann@spooler.local")).startsWith("501 5.1.3");
            assertThat(smtp.say("RCPT TO:<ann@spooler.local>")).startsWith("250");
        }
        Ran ran = instance.sh("spooler:send 'no address' text");
        assertThat(ran.status()).isNotZero();
        assertThat(ran.output()).contains("no address");
    }

    @Test
    void refusesAMessageOverTheLimit() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.say("MAIL FROM:<a@client.test> SIZE=" + (LIMIT + 1)))
                    .startsWith("552 5.3.4");
            String text = "Subject: big\n\n" + "x".repeat(70).concat("\n").repeat(LIMIT / 70);
            assertThat(smtp.send("a@client.test", text, "ann@spooler.local")).startsWith("552 5.3.4");
            smtp.queue("small enough", "zoe@spooler.local");
        }
        instance.shUntil("spooler:inbox zoe", text -> text.contains("small enough"));
    }

    @Test
    void refusesAnUnknownSettingAndKeepsTheFormerOnes() throws IOException {
        instance.listener("max_message_size=" + LIMIT + "\nprot=25");
        instance.log(
                "refusal of prot",
                line -> line.contains("ERROR")
                        && line.contains("io.spooler.smtp.listener-test.cfg")
                        && line.contains("prot is unknown"));
        try (Smtp smtp = Smtp.to(instance.port())) {
            smtp.queue("still there", "ann@spooler.local");
        }
        instance.listener("max_message_size=" + LIMIT);
    }

    @Test
    void refusesAWrongValueAndKeepsTheFormerOne() throws IOException {
        instance.etc("io.spooler.core.cfg", "retry_first=soon");
        instance.log(
                "refusal of retry_first",
                line -> line.contains("ERROR")
                        && line.contains("io.spooler.core.cfg: retry_first=soon is not allowed; allowed is "));
        instance.etc("io.spooler.core.cfg", "retry_first=1s");
    }

    @Test
    void refusesOctetsThatAreNoCommand() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            String line = new String(new byte[] {(byte) 0xC3, (byte) 0xA4}, StandardCharsets.ISO_8859_1);
            assertThat(smtp.say(line)).startsWith("500 5.5.2");
        }
    }
}
