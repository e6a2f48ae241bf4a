package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.Verdict;
import org.junit.jupiter.api.Test;

class LoopGuardTest {

    private final LoopGuard guard = new LoopGuard("host.example");

    private Verdict verdict(String content) throws Exception {
        return guard.process(Messages.incoming("Ann", "bob@example.org", content));
    }

    @Test
    void letsOrdinaryMailPass() throws Exception {
        assertThat(verdict("Received: x\r\n".repeat(100) + "Delivered-To: ann@example.org\r\n\r\n"))
                .isSameAs(Verdict.CONTINUE);
        assertThat(verdict("")).isSameAs(Verdict.CONTINUE);
    }

    @Test
    void putsMailWithTooManyHopsAway() throws Exception {
        Verdict verdict = verdict("Received: x\r\n".repeat(101) + "\r\n");
        assertThat(verdict.cancel()).isTrue();
        assertThat(verdict.delete()).isFalse();
        assertThat(verdict.target().folder()).isEqualTo("Quarantine");
        assertThat(verdict.target().flags()).containsExactly("reason: it has more than 100 Received fields: a loop");
    }

    @Test
    void putsMailAwayThatWasForwardedFromThisMailboxBefore() throws Exception {
        FakeSpooler spooler = new FakeSpooler();
        IncomingMessage message = Messages.incoming("Ann", "bob@example.org", "Subject: x\r\n\r\nbody");
        Forward.send(spooler, message, Address.smtp("ann@elsewhere.example"), "host.example");
        String forwarded = "Received: x\r\n" + spooler.sent.get(0).text();
        assertThat(verdict(forwarded).target().flags())
                .containsExactly("reason: it was forwarded from this mailbox before: a loop");
        assertThat(guard.process(Messages.incoming("bob", "", forwarded)))
                .as("another mailbox")
                .isSameAs(Verdict.CONTINUE);
        assertThat(new LoopGuard("other.example").process(Messages.incoming("Ann", "", forwarded)))
                .as("another host")
                .isSameAs(Verdict.CONTINUE);
    }
}
