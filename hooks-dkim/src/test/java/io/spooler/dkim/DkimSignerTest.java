package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.hook.PreProcessor;
import io.spooler.testkit.HookContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSignerTest implements HookContract {

    @TempDir
    private static Path directory;

    private static TestKeys rsa;
    private static TestKeys ed25519;
    private static DkimSigner signer;

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException, IOException {
        rsa = TestKeys.rsa(2048);
        ed25519 = TestKeys.ed25519();
        Path one = rsa.write(directory.resolve("rsa.pem"));
        Path two = ed25519.write(directory.resolve("ed25519.pem"));
        signer = new DkimSigner(
                Map.of("keys", "Example.org:r1:" + one + ", example.org:e1:" + two + ",example.com:r1:" + one));
    }

    @Override
    public PreProcessor hook() {
        return signer;
    }

    private static String sent(String text) throws IOException {
        return Messages.after(signer.process(Messages.of(text)), text);
    }

    private static List<Result> results(String text) throws IOException {
        FakeTexts dns = new FakeTexts()
                .with("r1._domainkey.example.org", rsa.record())
                .with("e1._domainkey.example.org", ed25519.record());
        return new Verification(dns, Clock.systemUTC(), Duration.ofSeconds(10))
                .verify(Messages.content(text), Messages.header(text)).stream()
                        .map(Finding::result)
                        .toList();
    }

    @Test
    void signsWithEachKeyOfTheAuthorsDomain() throws IOException {
        String sent = sent(Messages.LETTER);
        assertThat(sent).endsWith(Messages.LETTER).contains("t=" + Messages.SUBMITTED.getEpochSecond() + ";");
        assertThat(results(sent)).containsExactly(Result.PASS, Result.PASS);
        assertThat(sent.split("\r\n")).allMatch(line -> line.length() <= 78);
    }

    @Test
    void signsSoThatNoOtherAuthorCanBeAdded() throws IOException {
        assertThat(results("From: Eve <eve@example.org>\r\n" + sent(Messages.LETTER)))
                .containsExactly(Result.FAIL, Result.FAIL);
    }

    @Test
    void signsWhatIsSentAndNotWhatIsAddedOnTheWay() throws IOException {
        String text = Messages.from("127.0.0.1", "ESMTP", Messages.LETTER.replace("\r\n", "\n"));
        String sent = sent(text).replaceAll("(?<!\r)\n", "\r\n");
        assertThat(results("Received: from here;\r\n\tnow\r\nReturn-Path: <x@y>\r\n" + sent))
                .containsExactly(Result.PASS, Result.PASS);
        assertThat(results(sent.replace("mx.example.com", "other.example.com")))
                .as("trace fields are not signed")
                .containsExactly(Result.PASS, Result.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: ann@example.org",
                "FROM : \"x <a@b.c>, y\" (Eve <eve@b.c>) <ann@EXAMPLE.org>",
                "From: =?utf-8?q?Ann?=\r\n <ann@example.org>",
                "From: <\"a,@b\"@example.org>",
                "From: ann@example.org (a \\) b@example.net)",
            })
    void findsTheAuthor(String from) throws IOException {
        assertThat(sent(from + "\r\n\r\nx")).startsWith("DKIM-Signature: ");
    }

    @Test
    void findsTheAuthorBehindALongName() throws IOException {
        String name = "a\\\"".repeat(50_000);
        assertThat(sent("From: \"" + name + "\" (" + name + ") <ann@example.org>\r\n\r\nx"))
                .startsWith("DKIM-Signature: ");
        String open = "From: \"" + name + " <ann@example.org>\r\n\r\nx";
        assertThat(sent(open)).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: ann@sub.example.org",
                "From: ann@xexample.org",
                "From: ann@example.org, eve@example.net",
                "From: eve@example.net, ann@example.org",
                "From: \"ann@example.org\" <eve@example.net>",
                "From: ann@example.org <eve@example.net>",
                "From: ann",
                "From: ",
                "To: ann@example.org",
                "From: ann@example.org\r\nFrom: ann@example.org",
                "From: ann@example.org\r\nno field",
            })
    void leavesAloneWhatItHasNoKeyFor(String from) throws IOException {
        String text = from + "\r\n\r\nx";
        assertThat(sent(text)).isEqualTo(text);
    }

    @Test
    void signsNothingThatStrangersBring() throws IOException {
        String letter = Messages.LETTER;
        assertThat(sent(Messages.from("192.0.2.1", "ESMTP", letter))).doesNotContain("DKIM-Signature");
        assertThat(sent(Messages.from("IPv6:2001:db8::1", "ESMTPS", letter))).doesNotContain("DKIM-Signature");
        assertThat(sent(Messages.from("192.0.2.1", "ESMTP", " \u0085\r\n" + letter)))
                .as("goes on with our own line")
                .doesNotContain("DKIM-Signature");
        assertThat(sent(Messages.from("192.0.2.1", "ESMTPSA", letter)))
                .as("logged in")
                .contains("DKIM-Signature");
        assertThat(sent(Messages.from("IPv6:0:0:0:0:0:0:0:1", "SMTP", letter))).contains("DKIM-Signature");
        String local = "Received: by mx.example.org (Spooler) with LOCAL\r\n\tid " + Messages.ID + "; now\r\n";
        assertThat(sent(local + letter)).as("submitted by a program").contains("DKIM-Signature");
        String other =
                Messages.from("127.0.0.1", "ESMTP", "").replace(Messages.ID.toString(), "01HZX3M9V5Q8RJ4C2K7D6F0GSX");
        assertThat(sent(local + "Delivered-To: x\r\n" + other + letter))
                .as("passed on by a rule")
                .doesNotContain("DKIM-Signature");
        assertThat(sent(Messages.from("192.0.2.1", "ESMTP", Messages.from("127.0.0.1", "ESMTPA", letter))))
                .as("the topmost line counts")
                .doesNotContain("DKIM-Signature");
    }

    @Test
    void namesTheKeyThatIsMissingAndWhatHelps() throws Exception {
        String missing = directory.resolve("none.pem").toString();
        assertThatThrownBy(() -> new DkimSigner(Map.of("keys", "example.org:s1:" + missing)).process(Messages.of("")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("io.spooler.dkim.signer: keys=example.org:s1:" + missing)
                .hasMessageContaining("there is no key file " + missing)
                .hasMessageContaining("openssl genpkey");
    }

    @Test
    void refusesKeysThatCannotBeUsed() throws Exception {
        Path old = Files.writeString(directory.resolve("old"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n");
        Path damaged = Files.writeString(
                directory.resolve("damaged"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Path weak = TestKeys.rsa(512).write(directory.resolve("weak"));
        List<String> problems = new ArrayList<>();
        for (String entry : List.of(
                "example.org:s1:" + old, "example.org:s1:" + damaged, "example.org:s1:" + weak, "example.org:s1", "")) {
            assertThatThrownBy(() -> new DkimSigner(Map.of("keys", entry)).process(Messages.of("")))
                    .isInstanceOf(IOException.class)
                    .satisfies(error -> problems.add(error.getMessage()));
        }
        assertThat(problems.get(0)).contains("openssl pkcs8 -topk8");
        assertThat(problems.get(1)).contains("neither RSA nor Ed25519");
        assertThat(problems.get(2)).contains("less than 1024 bits");
        assertThat(problems.get(3)).contains("DOMAIN:SELECTOR:FILE");
        assertThat(problems.get(4)).contains("DOMAIN:SELECTOR:FILE");
    }

    @Test
    void keepsItsFormerSettings() throws Exception {
        DkimSigner one = new DkimSigner(Map.of("keys", "example.org:r1:" + directory.resolve("rsa.pem")));
        one.modified(Map.of("keys", "example.org:r1:" + directory.resolve("none"), "headers", "received"));
        assertThat(Messages.after(one.process(Messages.of(Messages.LETTER)), ""))
                .contains("s=r1;");
        one.modified(Map.of("keys", "example.org:r1:" + directory.resolve("rsa.pem"), "headers", "Subject"));
        assertThat(Messages.after(one.process(Messages.of(Messages.LETTER)), ""))
                .contains("h=from:subject:from;");
    }

    @Test
    void showsNoKey() throws Exception {
        SigningKey key = KeyFile.read("example.org", "r1", directory.resolve("rsa.pem"));
        assertThat(key.toString()).isEqualTo("r1._domainkey.example.org (rsa-sha256)");
    }
}
