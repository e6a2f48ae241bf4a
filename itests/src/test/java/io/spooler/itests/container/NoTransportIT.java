package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin;
import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;

/** Submitting without any transport, and the first one is installed. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class NoTransportIT extends ContainerTest {

    @Inject
    private SpoolAdmin admin;

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler()};
    }

    @Test
    public void waitsVisiblyWithoutAnyTransportAndFlowsOnceOneIsInstalled() throws Exception {
        SpoolId id = submit("nobody there", "ann@example.org");
        events.await(id, RecipientState.WAITING);
        MessageStatus status = spooler.find(id).orElseThrow();
        assertThat(status.recipients().get(0).due()).as("deadline").isNotNull();
        assertThat(admin.status().waiting()).containsEntry("SMTP", 1L);
        assertThat(admin.why(id).orElseThrow().get(0).text()).contains("SMTP");
        assertThat(spooler.addressTypes()).isEmpty();

        try (SmtpPeer peer = SmtpPeer.start()) {
            Setup.smartHost(peer.port());
            context.installBundle(Setup.location("transport-smtp")).start();
            Mail mail = peer.awaitMails(1).get(0);
            assertThat(mail.text()).contains("Subject: nobody there");
            events.await(id, RecipientState.RELAYED);
        }
    }
}
