package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mail that breaks off, is too large, has ten thousand parts or runs in circles, and mailboxes that go: a clear answer, nothing
 * is left of what was refused, and nothing is lost of what was taken. In a heap of 64 MB.
 */
@Timeout(180)
class HostileMailIT {

    private static final int LIMIT = 24_000_000;
    private static final int PARTS = 10_000;
    private static final String LINE = "x".repeat(98) + "\r\n";
    private static final String LARGE = "Subject: never\r\n\r\n" + LINE.repeat(4000);

    private static Instance instance;
    private static Path store;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        instance = Instance.in(temp.resolve("i"))
                .options("-Xmx64m")
                .listener("max_hops=200\nmax_message_size=" + LIMIT)
                .etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, ping, pong, gone")
                .etc("rules", """
                        header subject "*parts*" -> folder Parts, flag seen
                        mailbox ping -> forward pong@spooler.local
                        mailbox pong -> forward ping@spooler.local
                        """)
                .start();
        store = instance.base().resolve("data/spool");
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    /** A session in which a message may begin. */
    private static Smtp begun(String mailbox) throws IOException {
        Smtp smtp = Smtp.to(instance.port());
        assertThat(smtp.say("MAIL FROM:<eve@client.test>")).startsWith("250");
        assertThat(smtp.say("RCPT TO:<" + mailbox + "@spooler.local>")).startsWith("250");
        return smtp;
    }

    private static List<Object> holdings() throws IOException {
        return Holdings.of(instance);
    }

    private static String go(String command) {
        return command.equals("DATA") ? "DATA\r\n" : "BDAT 100\r\n" + LINE + "BDAT 900000 LAST\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA", "BDAT"})
    void aConnectionThatIsCutInAMessageLeavesNothing(String command) throws IOException {
        List<Object> before = holdings();
        try (Smtp smtp = begun("ann")) {
            smtp.write(go(command));
            assertThat(smtp.reply()).startsWith(command.equals("DATA") ? "354" : "250");
            smtp.write("Subject: never\r\n\r\n" + LINE);
            assertThat(smtp.cut()).as("answers behind the cut").isEmpty();
        }
        try (Smtp smtp = begun("ann")) {
            smtp.write(go(command));
            assertThat(smtp.reply()).startsWith(command.equals("DATA") ? "354" : "250");
            smtp.write(LARGE);
            Holdings.awaitFiles(store, 1);
        }
        Holdings.awaitFiles(store, 0);
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void aKillInAMessageLeavesNothingBehindTheNextStart() throws IOException {
        try (Smtp smtp = begun("ann")) {
            assertThat(smtp.say("DATA")).startsWith("354");
            smtp.write(LARGE);
            Holdings.awaitFiles(store, 1);
            instance.crash();
        }
        instance.start();
        Holdings.awaitFiles(store, 0);
        assertThat(instance.sh("spooler:queue --count").ok().strip()).isEqualTo("0");
        assertThat(instance.sh("spooler:inbox ann").output()).doesNotContain("never");
    }

    @Test
    void aSizeThatIsTooLargeIsRefusedAtTheDoorOrBehindTheContent() throws IOException {
        List<Object> before = holdings();
        try (Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.say("MAIL FROM:<eve@client.test> SIZE=" + (LIMIT + 1)))
                    .startsWith("552 5.3.4");
        }
        try (Smtp smtp = begun("ann")) {
            assertThat(smtp.say("DATA")).startsWith("354");
            smtp.write("Subject: never\r\n\r\n");
            String block = LINE.repeat(10_000);
            for (int sent = 0; sent <= LIMIT; sent += block.length()) {
                smtp.write(block);
            }
            assertThat(smtp.say(".")).startsWith("552 5.3.4");
        }
        try (Smtp smtp = begun("ann")) {
            assertThat(smtp.say("BDAT " + (LIMIT + 1) + " LAST")).startsWith("552 5.3.4");
        }
        Holdings.awaitFiles(store, 0);
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void aMailboxThatIsGoneBehindTheGoAheadGetsWhatWasTakenAndNobodyAReport() throws IOException {
        try (Smtp smtp = begun("gone")) {
            assertThat(smtp.say("DATA")).startsWith("354");
            instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann, ping, pong");
            instance.log("settings without gone", line -> line.contains("loopback takes mail for [ann, ping, pong]"));
            String id = Smtp.id(smtp.say("Subject: just in time\r\n\r\nx\r\n."));
            assertThat(instance.showUntil(id, "DELIVERED")).contains("gone@spooler.local");
        }
        assertThat(instance.sh("spooler:inbox gone").ok()).contains("just in time");
        assertThat(instance.sh("spooler:queue --count").ok().strip())
                .as("reports that wait")
                .isEqualTo("0");
    }

    /**
     * As ordinary mail, as a report, each part of which is for programs, and one in the other: filed within the patience of an
     * instance, which is half of the time of the hooks.
     */
    @ParameterizedTest
    @ValueSource(strings = {"mixed", "report", "nested"})
    void tenThousandPartsAreTakenAsTheyAre(String kind) throws IOException {
        String text = "Subject: parts " + kind + "\r\nMIME-Version: 1.0\r\n"
                + (kind.equals("nested") ? nested() : flat(kind));
        try (Smtp smtp = begun("ann")) {
            assertThat(smtp.say("DATA")).startsWith("354");
            String id = Smtp.id(smtp.content(text.getBytes(StandardCharsets.ISO_8859_1)));
            instance.showUntil(id, "DELIVERED");
        }
        Map<String, Object> entry = instance.only("ann", "Parts", "parts " + kind);
        assertThat(entry.get("flags").toString()).contains("Seen");
        instance.sh("spooler:store export " + entry.get("id") + " " + kind + ".eml")
                .ok();
        assertThat(Files.readString(instance.base().resolve(kind + ".eml"), StandardCharsets.ISO_8859_1))
                .endsWith("\r\n" + text);
    }

    private static String flat(String kind) {
        StringBuilder text = new StringBuilder("Content-Type: multipart/" + kind + "; boundary=b\r\n\r\n");
        String type = kind.equals("report") ? "message/delivery-status" : "text/plain";
        String part = "--b\r\nContent-Type: " + type + "\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\n"
                + LINE.repeat(kind.equals("report") ? 0 : 20);
        return text.append(part.repeat(PARTS)).append("--b--\r\n").toString();
    }

    private static String nested() {
        StringBuilder text = new StringBuilder("Content-Type: multipart/report; boundary=b\r\n\r\n");
        for (int i = 0; i < PARTS; i++) {
            text.append("--b").append(i == 0 ? "" : i).append("\r\nContent-Type: multipart/mixed; boundary=b");
            text.append(i + 1).append("\r\n\r\n");
        }
        return text.toString();
    }

    @Test
    void mailThatRunsInCirclesEndsInQuarantine() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            smtp.queue("ball", "ping@spooler.local");
            String hops = "Received: from x by y; Fri, 27 Nov 2026 01:00:00 +0000\n";
            assertThat(smtp.send("eve@client.test", "Subject: far\n" + hops.repeat(201) + "\nx\n", "ann@spooler.local"))
                    .startsWith("554 5.4.6");
            Smtp.id(smtp.send("eve@client.test", "Subject: far\n" + hops.repeat(150) + "\nx\n", "ann@spooler.local"));
        }
        assertThat(instance.only("ping", "Quarantine", "ball").toString())
                .contains("forwarded from this mailbox before: a loop");
        assertThat(instance.only("ann", "Quarantine", "far").toString())
                .contains("more than 100 Received fields: a loop");
        instance.shUntil("spooler:queue --count", count -> count.strip().equals("0"));
        assertThat(instance.sh("spooler:inbox --count ping").ok().strip()).isEqualTo("1");
        assertThat(instance.sh("spooler:inbox --count pong").ok().strip()).isEqualTo("1");
    }
}
