package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.RecipientState;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.testkit.smtp.SmtpPeer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;

/** transport-smtp is updated, uninstalled and installed again while messages wait and flow. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class TransportUnderFlowIT extends ContainerTest {

    private static final int FLOW = 100;

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler()};
    }

    @Test
    public void losesNothingWhenItIsUpdatedAndUninstalledUnderFlow() throws Exception {
        try (SmtpPeer peer = SmtpPeer.start()) {
            Setup.smartHost(peer.port());
            Bundle transport = context.installBundle(Setup.location("transport-smtp"));
            transport.start();
            List<String> subjects = new ArrayList<>(flow("a"));
            peer.awaitMails(1);
            transport.update();
            subjects.addAll(flow("b"));
            transport.uninstall();
            subjects.addAll(flow("c"));
            SpoolId last = submit("the last", "ann@example.org");
            events.await(last, RecipientState.WAITING);

            context.installBundle(Setup.location("transport-smtp")).start();
            events.await("completion", 3 * FLOW + 1, e -> e instanceof SpoolEvent.Completed);
            assertThat(arrived(peer)).containsAll(subjects);
        }
    }

    private List<String> flow(String name) throws Exception {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < FLOW; i++) {
            submit(name + "." + i + ".", "ann@example.org");
            subjects.add("Subject: " + name + "." + i + ".");
        }
        return subjects;
    }

    private static Set<String> arrived(SmtpPeer peer) {
        Set<String> arrived = new HashSet<>();
        peer.mails().forEach(m -> m.text().lines().forEach(arrived::add));
        return arrived;
    }
}
