package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An administrator at work, through the control socket: says whom he means, sees what would be done, does it, undoes it. */
@Timeout(180)
class AdminIT {

    private static final Pattern UNDO = Pattern.compile("spooler:undo ([0-9A-Z]{26})");

    @TempDir
    Path temp;

    private Instance instance;
    private String org;
    private String net;

    @BeforeEach
    void start() throws IOException {
        instance = Instance.in(temp.resolve("i")).start();
    }

    @AfterEach
    void end() {
        instance.close();
    }

    private void queueTwo() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            org = smtp.queue("to org", "ann@example.org", "bob@example.org");
            net = smtp.queue("to net", "ann@example.net");
        }
        instance.showUntil(org, "WAITING");
        instance.showUntil(net, "WAITING");
    }

    private String sh(String command) throws IOException {
        return instance.sh(command).ok();
    }

    private void assertCount(String filter, int expected) throws IOException {
        assertThat(sh("spooler:queue --count " + filter).strip()).isEqualTo(Integer.toString(expected));
    }

    private static String undoId(String answer) {
        Matcher matcher = UNDO.matcher(answer);
        assertThat(matcher.find()).as(answer).isTrue();
        return matcher.group(1);
    }

    @Test
    void ordersArePreviewedDoneToldAndUndone() throws IOException {
        queueTwo();
        assertCount("domain:example.org", 1);
        assertCount("'age<1h size>1 from:sender@* -domain:*.net'", 1);
        assertThat(instance.sh("spooler:hold bogus:x")).satisfies(ran -> {
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.output()).contains("bogus:x: not a term; allowed are from: to: domain:");
        });

        assertThat(sh("spooler:hold domain:example.*"))
                .contains("would change 3 recipients of 2 messages", "--yes does it");
        assertCount("state:HELD", 0);
        String held = sh("spooler:hold domain:example.* --yes");
        assertThat(held).startsWith("3 recipients held");
        assertCount("state:HELD", 2);
        instance.log(
                "the audit of the hold",
                line -> line.contains("by local: HOLD: domain:example.*: 3 recipients of 2 messages changed"));

        assertThat(sh("spooler:release " + net)).startsWith("1 recipient released");
        assertThat(sh("spooler:undo " + undoId(held))).startsWith("2 recipients changed back");
        assertCount("state:HELD", 0);
        assertThat(instance.sh("spooler:undo " + undoId(held)).status()).isEqualTo(1);

        assertThat(sh("spooler:cancel to:ann@example.net")).startsWith("1 recipient cancelled");
        assertThat(sh("spooler:show " + net)).contains("CANCELLED");
        assertCount("all", 1);
    }

    @Test
    void aRerouteSurvivesACrash() throws IOException {
        try (SmtpPeer hop = SmtpPeer.start();
                SmtpPeer other = SmtpPeer.start()) {
            queueTwo();
            assertThat(sh("spooler:reroute --to smtp-other " + net))
                    .contains("1 recipient rerouted", "No transport named smtp-other is present now");
            instance.crash();
            instance.start();
            instance.smartHost(hop.port());
            hop.awaitMails(1);
            instance.showUntil(org, "RELAYED");
            assertThat(sh("spooler:why " + net)).contains("waits for the transport smtp-other, which is not present");
            assertThat(sh("spooler:route --via smtp-other ann@example.net")).contains("absent", "smtp-hop");

            instance.etc(
                    "io.spooler.smtp.client-other.cfg",
                    "host=127.0.0.1\nport=" + other.port() + "\npatterns=*@other.example\ntls=none");
            instance.shUntil("spooler:transports", text -> text.contains("smtp-other"));
            assertThat(sh("spooler:route ann@example.net")).contains("NOT ASKED", "carries only SMTP:*@other.example");
            assertThat(sh("spooler:show " + net))
                    .as("pinned to one that does not carry it")
                    .contains("WAITING");

            assertThat(sh("spooler:reroute --clear " + net)).startsWith("1 recipient rerouted");
            instance.showUntil(net, "RELAYED");
            assertThat(hop.awaitMails(2))
                    .anySatisfy(mail -> assertThat(mail.text()).contains("Subject: to net"));
        }
    }

    @Test
    void aSuspendedTransportGetsNothingUntilItIsResumed() throws IOException {
        try (SmtpPeer hop = SmtpPeer.start()) {
            instance.smartHost(hop.port());
            instance.shUntil("spooler:transports", text -> text.contains("smtp-hop"));
            assertThat(sh("spooler:suspend smtp-hop")).startsWith("smtp-hop is suspended.");
            assertThat(sh("spooler:transports")).contains("SUSPENDED");
            instance.log("the audit of the suspension", line -> line.contains("by local: SUSPEND smtp-hop"));
            String id;
            try (Smtp smtp = Smtp.to(instance.port())) {
                id = smtp.queue("suspended", "ann@example.org");
            }
            instance.showUntil(id, "DEFERRED");
            assertThat(sh("spooler:why " + id)).contains("its destination is suspended by an administrator");
            assertThat(hop.mails()).isEmpty();

            assertThat(sh("spooler:resume smtp-hop")).startsWith("smtp-hop goes on");
            assertThat(instance.sh("spooler:resume smtp-hop").status()).isEqualTo(1);
            sh("spooler:flush");
            instance.showUntil(id, "RELAYED");
            assertThat(hop.awaitMails(1)).hasSize(1);
        }
    }

    @Test
    void expiryIsReportedToTheSender() throws IOException {
        String id;
        try (Smtp smtp = Smtp.to(instance.port())) {
            id = Smtp.id(smtp.send("me@spooler.local", "Subject: x\n\nx\n", "ann@example.org"));
        }
        instance.showUntil(id, "WAITING");
        assertThat(sh("spooler:hold " + id)).startsWith("1 recipient held");
        assertThat(sh("spooler:expire state:HELD")).startsWith("1 recipient expired");
        assertThat(sh("spooler:show " + id)).contains("EXPIRED", "expired by an administrator");
        instance.shUntil("spooler:inbox --count me", n -> n.strip().equals("1"));
    }
}
