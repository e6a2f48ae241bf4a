package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Recipient;
import io.spooler.hook.Decision;
import io.spooler.hook.PreProcessor;
import io.spooler.settings.SettingsException;
import io.spooler.testkit.HookContract;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimVerifierTest implements HookContract {

    private static final String NAME = "s1._domainkey.example.org";

    private static TestKeys keys;

    private final FakeTexts dns = new FakeTexts();
    private DkimVerifier verifier;

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        keys = TestKeys.ed25519();
    }

    @BeforeEach
    void make() throws SettingsException {
        dns.with(NAME, keys.record());
        verifier = new DkimVerifier(
                Map.of("authserv_id", "mx.example.net", "dns_timeout", "100ms"), dns, Clock.systemUTC());
    }

    @Override
    public PreProcessor hook() {
        return verifier;
    }

    private static String signed(String text) throws IOException {
        SigningKey key = new SigningKey(
                "example.org", "s1", Algorithm.ED25519, keys.pair().getPrivate());
        Signing signing = new Signing(List.of(key), Signing.FIELDS);
        return signing.sign(Messages.content(text), Messages.header(text), Messages.SUBMITTED) + text;
    }

    private String filed(String content) throws IOException {
        String whole = Messages.from("192.0.2.1", "ESMTPS", content);
        return Messages.after(verifier.process(Messages.of(whole)), whole);
    }

    @Test
    void saysWhatItFound() throws IOException {
        String text = signed(Messages.LETTER);
        assertThat(filed(text))
                .startsWith(
                        "Authentication-Results: mx.example.net;\r\n\tdkim=pass\r\n\t header.d=example.org header.s=s1"
                                + " header.a=ed25519-sha256 header.b=\"")
                .endsWith(Messages.from("192.0.2.1", "ESMTPS", text));
        assertThat(filed(text.replace("Hello.", "Bye.")))
                .startsWith(
                        "Authentication-Results: mx.example.net;\r\n\tdkim=fail (the body was changed)\r\n\t header.d=");
        assertThat(filed(Messages.LETTER)).startsWith("Authentication-Results: mx.example.net;\r\n\tdkim=none\r\n");
        assertThat(filed("DKIM-Signature: d=\"evil)\r\n" + text))
                .startsWith(
                        "Authentication-Results: mx.example.net;\r\n\tdkim=neutral (no tag v);\r\n\tdkim=pass\r\n\t header");
    }

    @Test
    void takesTheMessageAlsoWhereTheKeyCannotBeLookedUp() throws IOException {
        dns.silent(NAME);
        assertThat(filed(signed(Messages.LETTER))).contains("dkim=temperror (the key was not found in time)");
        dns.failing(NAME);
        assertThat(filed(signed(Messages.LETTER))).contains("dkim=temperror (the key cannot be looked up at present)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authentication-Results: mx.example.net; dkim=pass header.d=bank.example",
                "AUTHENTICATION-RESULTS : MX.EXAMPLE.NET 1; dkim=pass",
                "Authentication-Results:\r\n (a (b) \\) c)\r\n\t\"mx.example.net\"; dkim=pass",
                "Authentication-Results: mx.example.net/1; dkim=pass",
                "Authentication-Results: mx.example.net",
                "Authentication-Results\t:\r\n\tmx.example.net; dkim=pass",
                "Authentication-Results: =?us-ascii?q?mx.example.net;_dkim=3Dpass?=",
                "Authentication-Results: \u0001mx.example.net; dkim=pass",
                "Authentication-Results: mx.example.net\u0085; dkim=pass",
                "Authentication-Results: mx.example.\u00adnet; dkim=pass",
                "Authentication-Results: (mx.example.net; dkim=pass",
                "Authentication-Results: ; dkim=pass",
            })
    void takesOutWhatClaimsToBeOurs(String forged) throws IOException {
        String foreign = "Authentication-Results: other.example.net; dkim=pass\r\n";
        String text = "X: y\r\n" + forged + "\r\n" + foreign + Messages.LETTER
                + "\r\n\u00e9 Authentication-Results: mx.example.net;";
        String filed = filed(text);
        assertThat(filed).isEqualTo(filed(text.replace(forged + "\r\n", "")));
        assertThat(filed)
                .startsWith("Authentication-Results: mx.example.net;\r\n\tdkim=none\r\n")
                .contains(foreign);
    }

    @Test
    void takesItOutWhateverTheMessageBeginsWith() throws IOException {
        String forged = "Authentication-Results: mx.example.net; dkim=pass\r\n";
        assertThat(filed(" \u0085\r\n" + forged + Messages.LETTER))
                .isEqualTo(filed(" \u0085\r\n" + Messages.LETTER))
                .startsWith("Authentication-Results: mx.example.net;\r\n\tdkim=none\r\n");
    }

    @Test
    void looksOnlyAtWhatStrangersBring() throws IOException {
        for (String ours : List.of(
                Messages.LETTER,
                Messages.from("127.0.0.1", "ESMTP", Messages.LETTER),
                Messages.from("192.0.2.1", "ESMTPSA", Messages.LETTER))) {
            assertThat(verifier.process(Messages.of(ours))).isEqualTo(Decision.CONTINUE);
        }
    }

    @Test
    void refusesAHeaderThatItCannotLookThrough() throws IOException {
        String huge = "X: " + "y".repeat(Header.LIMIT) + "\r\n\r\n";
        Decision decision = verifier.process(Messages.of(huge));
        Recipient bob = Messages.of("").recipients().get(0);
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Change.class,
                        change -> assertThat(change.refused().get(bob).status()).isEqualTo("5.6.0"));
    }

    @Test
    void waitsForSettings() {
        assertThatThrownBy(() -> new DkimVerifier(Map.of("dns_timeout", "1h")).process(Messages.of("")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dns_timeout=1h");
        assertThatThrownBy(() ->
                        new DkimVerifier(Map.of("authserv_id", "a;b", "dns", "x.example")).process(Messages.of("")))
                .hasMessageContaining("authserv_id=a;b")
                .hasMessageContaining("dns=x.example");
    }
}
