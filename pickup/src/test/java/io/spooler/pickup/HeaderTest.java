package io.spooler.pickup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Envelope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** The envelope is what the header says; blind copies stay blind. */
class HeaderTest {

    private static InputStream text(String text) {
        return new CrlfStream(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    private static Envelope envelope(String text) throws IOException, Unfit {
        return Header.read(text(text)).envelope("key");
    }

    private static String recipients(Envelope envelope) {
        return envelope.recipients().stream()
                .map(r -> r.address().toString())
                .toList()
                .toString();
    }

    @Test
    void takesEverybodyWhoIsNamed() throws Exception {
        Envelope envelope = envelope("""
                From: Ann Lee <ann@example.org>, ben@example.org
                To: "Lee, Bob" <bob@example.org>,
                 carol@example.net
                Cc: team: dan@example.org, eve@example.org;
                Bcc: fay@example.org

                hello
                """);
        assertThat(envelope.sender()).hasToString("SMTP:ann@example.org");
        assertThat(recipients(envelope))
                .isEqualTo("[SMTP:bob@example.org, SMTP:carol@example.net, SMTP:dan@example.org,"
                        + " SMTP:eve@example.org, SMTP:fay@example.org]");
        assertThat(envelope.options().idempotencyKey()).isEqualTo("key");
        assertThat(envelope.options().smtpUtf8()).isFalse();
    }

    @Test
    void anEnvelopeOfItsOwnComesFirst() throws Exception {
        Envelope envelope = envelope("""
                X-Sender: <>
                X-Receiver: LOCAL:ann
                X-Receiver: <bob@example.org>
                From: carol@example.org
                To: dan@example.org

                """);
        assertThat(envelope.sender()).isNull();
        assertThat(recipients(envelope)).isEqualTo("[LOCAL:ann, SMTP:bob@example.org]");
    }

    @Test
    void saysWhenAddressesAreInternational() throws Exception {
        Envelope envelope = envelope("From: ann@example.org\nTo: jörg@example.org\n\n");
        assertThat(envelope.options().smtpUtf8()).isTrue();
        assertThat(recipients(envelope)).isEqualTo("[SMTP:jörg@example.org]");
    }

    @Test
    void blindCopiesAndTheEnvelopeDoNotTravel() throws Exception {
        InputStream in = text("From: a@b.c\nBCC: d@e.f,\n\tg@h.i\nSubject: x\n y\nX-Receiver: j@k.l\n\nBcc: text\n");
        assertThat(new String(Header.read(in).travels(), UTF_8)).isEqualTo("From: a@b.c\r\nSubject: x\r\n y\r\n\r\n");
        assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("Bcc: text\r\n");
    }

    @Test
    void anyLineEndBecomesTheOneOfMail() throws Exception {
        assertThat(new String(text("a\nb\r\nc\rd\n\r\n\n").readAllBytes(), UTF_8))
                .isEqualTo("a\r\nb\r\nc\r\nd\r\n\r\n\r\n");
    }

    @Test
    void refusesWhatNamesNobodyOrIsNoMessage() {
        assertThatThrownBy(() -> envelope("From: ann@example.org\n\nx")).hasMessageContaining("add a field To");
        assertThatThrownBy(() -> envelope("To: ann@example.org\n\nx")).hasMessageContaining("add a field From");
        assertThatThrownBy(() -> envelope("hello\n")).hasMessageContaining("empty line between header and text");
        assertThatThrownBy(() -> envelope("From ann Thu Nov 26 10:00:00\nTo: b@c.d\n\n"))
                .hasMessageContaining("does not begin with a header");
        assertThatThrownBy(() -> envelope("From: a@b.c\nX-Receiver: nobody\n\n"))
                .hasMessageContaining("X-Receiver");
        assertThatThrownBy(() -> envelope("From: a@b.c\nTo: nobody\n\n")).hasMessageContaining("without a domain");
        assertThatThrownBy(() -> envelope("A: " + "b".repeat(Header.LIMIT) + "\n\n"))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("longer than");
    }
}
