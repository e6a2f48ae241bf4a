package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job: mail that nobody can carry waits, across a restart, and flows once somebody can. */
@Timeout(120)
class WaitingIT {

    @TempDir
    Path temp;

    @Test
    void waitsAcrossARestartAndFlowsOnceASmartHostIsSet() throws IOException {
        try (SmtpPeer peer = SmtpPeer.start();
                Instance instance = Instance.in(temp.resolve("i")).start()) {
            String id;
            try (Smtp smtp = Smtp.to(instance.port())) {
                id = smtp.queue("far away", "ann@example.org", "bob@example.net");
            }
            instance.showUntil(id, "WAITING");
            assertThat(instance.sh("spooler:why " + id).ok()).contains("SMTP");
            assertThat(instance.sh("spooler:queue --count").ok().strip()).isEqualTo("1");

            assertThat(instance.terminate()).isZero();
            instance.start();
            instance.showUntil(id, "WAITING");

            instance.smartHost(peer.port());
            Mail mail = peer.awaitMails(1).get(0);
            assertThat(mail.to()).hasSize(2);
            assertThat(mail.text()).contains("Subject: far away", id);
            instance.showUntil(id, "RELAYED");
            assertThat(instance.shUntil("spooler:queue --count", n -> n.strip().equals("0")))
                    .isNotEmpty();

            Files.delete(instance.base().resolve("etc/io.spooler.smtp.client-hop.cfg"));
            instance.shUntil("spooler:transports", text -> !text.contains("smtp-hop"));
            try (Smtp smtp = Smtp.to(instance.port())) {
                instance.showUntil(smtp.queue("again", "ann@example.org"), "WAITING");
            }
        }
    }
}
