package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.settings.Network;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has brought a message, whatever he says. */
class OriginTest {

    private static final List<Network> NETWORKS = List.of(Network.parse("127.0.0.0/8"));

    private static Origin of(String text) throws IOException {
        return Origin.of(Messages.header(text), Messages.ID, NETWORKS);
    }

    private static String local(String below) {
        return "Received: by mx.example.org (Spooler) with LOCAL\r\n\tid " + Messages.ID + "; now\r\n" + below;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " \u0085\r\n",
                "\t\r\u0085\u000b\u000c\u001c\0\u00ff\r\n",
                " x\n y\u0085\n",
                " by mx.example.org (Spooler) with LOCAL id x; now\r\n",
                " from a ([127.0.0.1]) by b with ESMTPA id x; now\r\n",
                "no field\r\n",
                "RECEIVED : from a ([127.0.0.1]) by b with ESMTPA id x; now\r\n",
                "Received\u0085: x\r\n",
            })
    void whatItBeginsWithMakesNoStrangerOurs(String start) throws IOException {
        assertThat(of(Messages.from("192.0.2.1", "ESMTPS", start + Messages.LETTER)))
                .isEqualTo(Origin.STRANGER);
        assertThat(of(Messages.from("127.0.0.1", "ESMTPS", start + Messages.LETTER)))
                .isEqualTo(Origin.OURS);
        assertThat(of(Messages.from("192.0.2.1", "ESMTPSA", start + Messages.LETTER)))
                .isEqualTo(Origin.OURS);
    }

    @Test
    void aLineWithoutEndIsReadAll() throws IOException {
        String start = (" " + "x".repeat(900) + "\u0085\r\n").repeat(1000);
        assertThat(of(Messages.from("192.0.2.1", "ESMTP", start + Messages.LETTER)))
                .isEqualTo(Origin.STRANGER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx example.com", "", "mx.example.com\u000bx\u000b", "x\r\n y"})
    void aLineWithTheIdThatIsNoneOfOursIsAStrangers(String name) throws IOException {
        String text = Messages.from("127.0.0.1", "ESMTPA", Messages.LETTER).replace("mx.example.com", name);
        assertThat(of(text)).isEqualTo(Origin.STRANGER);
        assertThat(of(local(Messages.LETTER).replace("LOCAL", "LOCAL " + name + "x")))
                .isEqualTo(Origin.STRANGER);
    }

    @Test
    void whatAProgramSubmitsIsOursUnlessItWasElsewhere() throws IOException {
        assertThat(of(Messages.LETTER)).isEqualTo(Origin.OURS);
        assertThat(of(local(" \u0085\r\n" + Messages.LETTER))).isEqualTo(Origin.OURS);
        String passed = "Received: from a by b; then\r\n" + Messages.LETTER;
        assertThat(of(passed)).isEqualTo(Origin.PASSED_ON);
        assertThat(of(local(passed))).isEqualTo(Origin.PASSED_ON);
    }
}
