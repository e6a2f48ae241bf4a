package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Envelope;
import io.spooler.Recipient.Notify;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    @Test
    void noneIsFine() throws Refused {
        assertThat(Parameters.mail("")).isEqualTo(new Parameters.Mail(0, false, null, null));
        assertThat(Parameters.rcpt(" ").notifyOn()).isEmpty();
    }

    @Test
    void allOfMail() throws Refused {
        assertThat(Parameters.mail(" size=123  Body=8bitmime SMTPUTF8 AUTH=<> RET=FULL ENVID=a+20b+3Dc"))
                .isEqualTo(new Parameters.Mail(123, true, Envelope.Return.FULL, "a b=c"));
        assertThat(Parameters.mail(" SIZE=99999999999999999999").size()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void allOfRcpt() throws Refused {
        Parameters.Rcpt wishes = Parameters.rcpt(" NOTIFY=FAILURE,delay,SUCCESS ORCPT=utf-8;jörg@b.example");
        assertThat(wishes.notifyOn()).containsExactlyInAnyOrder(Notify.FAILURE, Notify.DELAY, Notify.SUCCESS);
        assertThat(wishes.original()).isEqualTo("utf-8;jörg@b.example");
    }

    /** As Postfix writes it: the octets of UTF-8, and the type of an address in ASCII. */
    @Test
    void anInternationalOriginalRecipientInOctets() throws Refused {
        assertThat(Parameters.rcpt(" ORCPT=rfc822;j+C3+B6rg+2B+E6+97+A5@b.example")
                        .original())
                .isEqualTo("utf-8;jörg+日@b.example");
        assertThat(Parameters.rcpt(" ORCPT=rfc822;ann+2B@b.example").original()).isEqualTo("rfc822;ann+@b.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1",
                "SIZE",
                "SIZE=",
                "SIZE=1x",
                "SIZE=123456789012345678901",
                "SMTPUTF8=1",
                "BODY",
                "RET",
                "ENVID",
                "ENVID=a+0",
                "ENVID=a+",
                "ENVID=a+0a",
                "ENVID=a+2b",
                "ENVID=a+7F",
                "ENVID=a=b",
                "ENVID=a\u0000",
                "A_B=1",
                "AUTH",
                "AUTH=a+0Ab"
            })
    void wrongOnesOfMail(String text) {
        assertThatThrownBy(() -> Parameters.mail(" " + text))
                .isInstanceOf(Refused.class)
                .hasMessageMatching("(?s)(501|555) 5\\.5\\.4 .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOTIFY",
                "NOTIFY=",
                "NOTIFY=,",
                "NOTIFY=DELAY,",
                "NOTIFY=NEVER,NEVER,DELAY",
                "ORCPT",
                "ORCPT=;a",
                "ORCPT=rfc822",
                "ORCPT=rfc822;a\tb",
                "ORCPT=rfc822;a+C3",
                "ORCPT=rfc822;a+C3b+B6",
                "ORCPT=rfc822;a+C2+85",
                "ORCPT=rfc822;a+0D",
                "SIZE=1"
            })
    void wrongOnesOfRcpt(String text) {
        assertThatThrownBy(() -> Parameters.rcpt(" " + text))
                .isInstanceOf(Refused.class)
                .hasMessageMatching("(?s)(501|555) 5\\.5\\.4 .*");
    }

    @Test
    void lengthsAreLimited() throws Refused {
        assertThat(Parameters.mail(" ENVID=" + "x".repeat(100)).envid()).hasSize(100);
        assertThatThrownBy(() -> Parameters.mail(" ENVID=" + "x".repeat(101))).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Parameters.rcpt(" ORCPT=rfc822;" + "x".repeat(500)))
                .isInstanceOf(Refused.class);
    }
}
