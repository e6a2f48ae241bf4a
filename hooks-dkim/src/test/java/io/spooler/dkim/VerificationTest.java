package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationTest {

    private static final String NAME = "s1._domainkey.example.org";
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static TestKeys keys;
    private static TestKeys weak;

    private final FakeTexts dns = new FakeTexts();

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        keys = TestKeys.rsa(2048);
        weak = TestKeys.rsa(512);
    }

    private static SigningKey key(TestKeys pair) {
        return new SigningKey("example.org", "s1", Algorithm.RSA, pair.pair().getPrivate());
    }

    private static String signed(String text) throws IOException {
        Signing signing = new Signing(List.of(key(keys)), Signing.FIELDS);
        return signing.sign(Messages.content(text), Messages.header(text), NOW) + text;
    }

    /** Signs with other tags: {@code change} works on the field before the signature is made. */
    private static String signedBy(TestKeys pair, String text, UnaryOperator<String> change) throws Exception {
        Header header = Messages.header(text);
        byte[] hash = new BodyHash(true, BodyHash.ALL)
                .read(Messages.content(text), header.body())
                .end();
        String field =
                change.apply("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; h=from:from;"
                        + " bh=" + java.util.Base64.getEncoder().encodeToString(hash) + "; b=");
        byte[] covered = Canonical.header(header, List.of("from", "from"), Field.of(field), true);
        byte[] made = Algorithm.RSA.sign(pair.pair().getPrivate(), covered);
        return field + java.util.Base64.getEncoder().encodeToString(made) + "\r\n" + text;
    }

    private Finding verify(String text) throws IOException {
        return verify(text, Duration.ofSeconds(10)).get(0);
    }

    private List<Finding> verify(String text, Duration limit) throws IOException {
        return new Verification(dns, Clock.fixed(NOW, ZoneOffset.UTC), limit)
                .verify(Messages.content(text), Messages.header(text));
    }

    @Test
    void holdsWhatWeSign() throws IOException {
        dns.with(NAME, keys.record());
        String odd =
                "From: J\u00fcrgen <j@example.org>\r\nSubject:\tx \r\n  y  \r\nX: z\r\n\r\n a\t b \n\r\n\u00e9\u0000\rx";
        for (String text : List.of(Messages.LETTER, odd, "From: a@example.org\r\n", "From: a@example.org\n\n\n\n")) {
            assertThat(verify(signed(text)).result()).as(text).isEqualTo(Result.PASS);
        }
    }

    @Test
    void saysThatThereIsNone() throws IOException {
        assertThat(verify(Messages.LETTER)).isEqualTo(Finding.UNSIGNED);
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void tellsAMissingKeyFromOneThatCannotBeLookedUp() throws IOException {
        String text = signed(Messages.LETTER);
        assertThat(verify(text).result()).isEqualTo(Result.PERMERROR);
        dns.failing(NAME);
        assertThat(verify(text).result()).isEqualTo(Result.TEMPERROR);
        dns.silent(NAME);
        assertThat(verify(text, Duration.ofMillis(20)).get(0).result()).isEqualTo(Result.TEMPERROR);
    }

    @Test
    void looksAtFiveSignatures() throws IOException {
        dns.with(NAME, keys.record());
        String text = signed(Messages.LETTER);
        String field = text.substring(0, text.indexOf("From:"));
        assertThat(verify(field.repeat(9) + text, Duration.ofSeconds(10))).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=1            | v=2                  | NEUTRAL",
                "v=1; a         | a                    | NEUTRAL",
                "h=from:from    | h=to                 | NEUTRAL",
                "rsa-sha256     | rsa-sha1             | POLICY",
                "rsa-sha256     | rsa-md5              | NEUTRAL",
                "relaxed/relaxed| nofws                | NEUTRAL",
                "s=s1           | s=s1; q=http         | NEUTRAL",
                "s=s1           | s=s1; i=a@b.org      | NEUTRAL",
                "s=s1           | s=s1; i=@xexample.org| NEUTRAL",
                "s=s1           | s=s1; s=s2           | NEUTRAL",
                "s=s1           | s=s1/..              | NEUTRAL",
                "s=s1           | s=s1; x=1            | FAIL",
                "s=s1           | s=s1; l=3            | FAIL",
                "s=s1           | s=s1; l=9999999999999| NEUTRAL",
                "s=s1           | s=s1; z=unknown      | PASS",
                "s=s1           | s=s1; i=x@a.example.org| PASS",
            })
    void judgesSignatures(String what, String by, Result result) throws Exception {
        dns.with(NAME, keys.record());
        String text = signedBy(keys, Messages.LETTER, field -> field.replaceFirst(what.strip(), by.strip()));
        assertThat(verify(text).result()).isEqualTo(result);
    }

    @Test
    void doesNotTrustWhatStandsBehindTheSignedPart() throws Exception {
        dns.with(NAME, keys.record());
        String text = signedBy(keys, Messages.LETTER, field -> field.replace("s=s1", "s=s1; l=8"));
        assertThat(verify(text).result()).as("all of it is signed").isEqualTo(Result.PASS);
        assertThat(verify(text + "And this.\r\n").result()).isEqualTo(Result.POLICY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DKIM1       | v=DKIM2           | PERMERROR",
                "k=rsa         | k=ed25519         | PERMERROR",
                "k=rsa         | k=rsa; h=sha1     | PERMERROR",
                "k=rsa         | k=rsa; h=sha1:sha256 | PASS",
                "k=rsa         | k=rsa; s=tlsrpt   | PERMERROR",
                "k=rsa         | k=rsa; s=tlsrpt:email| PASS",
                "k=rsa         | k=rsa; t=y        | PASS",
                "p=.*          | p=                | PERMERROR",
                "p=.*          | p=AAAA            | PERMERROR",
                "p=.*          | x                 | PERMERROR",
                "v=DKIM1; k=rsa; |                 | PASS",
            })
    void judgesKeys(String what, String by, Result result) throws Exception {
        dns.with(NAME, keys.record().replaceFirst(what.strip(), by == null ? "" : by.strip()));
        assertThat(verify(signedBy(keys, Messages.LETTER, field -> field)).result())
                .isEqualTo(result);
    }

    @Test
    void keepsAKeyToItsDomainAndOutOfWeakHands() throws Exception {
        dns.with(NAME, keys.record() + "; t=s");
        String below = signedBy(keys, Messages.LETTER, field -> field.replace("s=s1", "s=s1; i=@a.example.org"));
        assertThat(verify(below).result()).isEqualTo(Result.PERMERROR);
        assertThat(verify(signedBy(keys, Messages.LETTER, field -> field)).result())
                .isEqualTo(Result.PASS);
        dns.with(NAME, weak.record());
        assertThat(verify(signedBy(weak, Messages.LETTER, field -> field)).result())
                .isEqualTo(Result.POLICY);
    }
}
