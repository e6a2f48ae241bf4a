package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures that others made. */
class RfcVectorsTest {

    /** RFC 8463 appendix A.3. */
    private static final String SIGNED = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """.replace("\n", "\r\n");

    /** RFC 8463 appendix A.2. */
    private static final FakeTexts KEYS = new FakeTexts()
            .with(
                    "brisbane._domainkey.football.example.com",
                    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
            .with(
                    "test._domainkey.football.example.com",
                    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
                            + "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lx"
                            + "j+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");

    private static List<Result> results(String text) throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);
        return new Verification(KEYS, clock, Duration.ofSeconds(10))
                .verify(Messages.content(text), Messages.header(text)).stream()
                        .map(Finding::result)
                        .toList();
    }

    @Test
    void holdsWhatTheRfcHasSigned() throws IOException {
        assertThat(results(SIGNED)).containsExactly(Result.PASS, Result.PASS);
    }

    @Test
    void holdsBehindWhatIsRewrittenOnTheWay() throws IOException {
        assertThat(results("Received: by x;\r\n\ty\r\n"
                        + SIGNED.replace("Subject: Is dinner", "SUBJECT:  Is \r\n\t dinner")
                                .replace("lost the game.  Are", "lost the game. Are")))
                .as("relaxed: what white space becomes does not count")
                .containsExactly(Result.PASS, Result.PASS);
        assertThat(results(SIGNED.replace("\r\n", "\n"))).containsExactly(Result.PASS, Result.PASS);
        assertThat(results(SIGNED + "\r\n\r\n")).containsExactly(Result.PASS, Result.PASS);
    }

    @ParameterizedTest
    @CsvSource({
        "Is dinner ready, Is supper ready",
        "Joe SixPack <joe@, Joe SixPack <jim@",
        "lost the game, won the game",
        "We lost, Welost",
        "b=/gCrinpcQO, b=/gCrinpcQA",
        "b=F45dVWDfMb, b=F45dVWDfMB",
        "t=1528637909, t=1528637908",
        "'Message-ID:', 'From: Eve <eve@example.com>|Message-ID:'",
        "'To: Suzie', 'Subject: other|To: Suzie'"
    })
    void failsWhereAnythingSignedWasChanged(String what, String by) throws IOException {
        String changed = SIGNED.replace(what, by.replace("|", "\r\n"));
        assertThat(changed).isNotEqualTo(SIGNED);
        assertThat(results(changed)).contains(Result.FAIL).hasSize(2);
    }
}
