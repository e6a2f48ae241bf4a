package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import io.spooler.testkit.smtp.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of others, by STARTTLS, by TLS from the first octet and by LMTP; what they send is relayed to a server that records. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientsIT {

    private static final String PASSWORD = "not-a-secret";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Path directory;
    private static SmtpPeer sink;
    private static Instance instance;
    private static Path certificate;
    private static int login;
    private static int implicit;
    private static int lmtp;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException, GeneralSecurityException {
        directory = temp;
        sink = SmtpPeer.start();
        TestCertificate made = TestCertificate.make(temp, "ip:127.0.0.1,dns:localhost");
        certificate = made.pem();
        login = Ports.free();
        implicit = Ports.free();
        lmtp = Ports.free();
        String keys = "\ntls_certificate=" + made.pem() + "\ntls_key=" + made.key();
        instance = Instance.in(temp.resolve("clients"))
                .smartHost(sink.port())
                .etc("users", Scram.user("ann", PASSWORD))
                .etc("io.spooler.smtp.users.cfg", "file=etc/users")
                .etc("io.spooler.smtp.listener-login.cfg", listener(login) + "\nrole=submission\ntls=encrypt" + keys)
                .etc(
                        "io.spooler.smtp.listener-implicit.cfg",
                        listener(implicit) + "\nrole=submission\ntls=implicit" + keys)
                .etc(
                        "io.spooler.smtp.listener-lmtp.cfg",
                        listener(lmtp) + "\nprotocol=lmtp\nrelay_networks=127.0.0.0/8")
                .start();
    }

    private static String listener(int port) {
        return "address=127.0.0.1\nport=" + port;
    }

    @AfterAll
    static void stop() throws IOException {
        if (instance != null) {
            instance.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void pythonLogsIn(String mechanism) throws IOException {
        String python = Program.tool("python3", "apt-get install python3");
        Letter letter = Letter.about("python " + mechanism);
        Path script = directory.resolve(mechanism + ".py");
        try (InputStream in = ClientsIT.class.getResourceAsStream("login.py")) {
            Files.copy(Objects.requireNonNull(in), script);
        }
        Ran ran = run(
                letter.octets(), python, script.toString(), Integer.toString(login), certificate.toString(), mechanism);
        assertThat(ran.ok()).contains("two..dots@out.test").contains("501").doesNotContain("bob@");
        Mail mail = arrived(letter);
        assertThat(mail.from())
                .startsWith("MAIL FROM:<jürgen@in.test>")
                .contains(" BODY=8BITMIME", " SMTPUTF8", " RET=HDRS", " ENVID=python");
        assertThat(mail.to())
                .containsExactly(
                        "RCPT TO:<jörg@out.test> NOTIFY=FAILURE,DELAY", "RCPT TO:<bob@out.test> NOTIFY=FAILURE,DELAY");
        assertThat(letter.front(mail.content())).contains("with UTF8SMTPSA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port @LOGIN@ --tls --auth PLAIN --auth-user ann --auth-password not-a-secret",
                "--port @LOGIN@ --tls --auth LOGIN --auth-user ann --auth-password not-a-secret",
                "--port @IMPLICIT@ --tls-on-connect --auth PLAIN --auth-user ann --auth-password not-a-secret",
                "--port @PLAIN@ --pipeline",
                "--port @LMTP@ --protocol LMTP --pipeline"
            })
    void swaks(String how) throws IOException {
        String swaks = Program.tool("swaks", "apt-get install swaks");
        Letter letter = Letter.about("swaks " + how.replaceAll("[^a-zA-Z]+", " "));
        List<String> command = new ArrayList<>(List.of(
                swaks,
                "--server",
                "127.0.0.1",
                "--from",
                "sender@in.test",
                "--to",
                "ann@out.test,bob@out.test",
                "--data",
                "-"));
        command.addAll(Arrays.asList(ports(how).split(" ", -1)));
        if (how.contains("--tls")) {
            command.addAll(List.of("--tls-verify", "--tls-ca-path", certificate.toString()));
        }
        // It ends the last line by itself.
        byte[] text = Arrays.copyOf(letter.octets(), letter.octets().length - 2);
        assertThat(run(text, command.toArray(String[]::new)).ok()).contains("queued as");
        assertThat(arrived(letter).to()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=@LOGIN@ --tls=on --auth=scram-sha-256",
                "--port=@LOGIN@ --tls=on --auth=plain",
                "--port=@IMPLICIT@ --tls=on --tls-starttls=off --auth=scram-sha-256",
                "--port=@PLAIN@ --tls=off --auth=off"
            })
    void msmtp(String how) throws IOException {
        String msmtp = Program.tool("msmtp", "apt-get install msmtp");
        Letter letter = Letter.about("msmtp " + how.replaceAll("[^a-zA-Z]+", " "));
        List<String> command = new ArrayList<>(List.of(
                msmtp,
                "--host=127.0.0.1",
                "--user=ann",
                "--passwordeval=echo not-a-secret",
                "--tls-trust-file=" + certificate,
                "--dsn-notify=failure,delay",
                "--dsn-return=headers",
                "--from=sender@in.test"));
        command.addAll(Arrays.asList(ports(how).split(" ", -1)));
        command.addAll(List.of("--", "ann@out.test", "bob@out.test"));
        byte[] lines = Letter.latin1(letter.octets()).replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
        run(lines, command.toArray(String[]::new)).ok();
        Mail mail = arrived(letter);
        assertThat(mail.from()).contains(" RET=HDRS");
        assertThat(mail.to())
                .containsExactly(
                        "RCPT TO:<ann@out.test> NOTIFY=FAILURE,DELAY", "RCPT TO:<bob@out.test> NOTIFY=FAILURE,DELAY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "PLAIN"})
    void opensslByStarttls(String mechanism) throws IOException, GeneralSecurityException {
        try (Smtp smtp = openssl("-connect", "127.0.0.1:" + login, "-starttls", "smtp")) {
            sendLoggedIn(smtp, mechanism, Letter.about("openssl starttls " + mechanism));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "PLAIN"})
    void opensslFromTheFirstOctet(String mechanism) throws IOException, GeneralSecurityException {
        try (Smtp smtp = openssl("-connect", "127.0.0.1:" + implicit)) {
            assertThat(smtp.reply()).startsWith("220");
            sendLoggedIn(smtp, mechanism, Letter.about("openssl " + mechanism));
        }
    }

    @Test
    void opensslIsRefusedWithAnOldProtocol() throws IOException {
        String openssl = Program.tool("openssl", "apt-get install openssl");
        Ran ran = run(
                new byte[0],
                openssl,
                "s_client",
                "-tls1_1",
                "-cipher",
                "ALL:@SECLEVEL=0",
                "-connect",
                "127.0.0.1:" + implicit);
        assertThat(ran.status()).isNotZero();
        assertThat(ran.output()).contains("alert protocol version");
    }

    private static Smtp openssl(String... how) throws IOException {
        String openssl = Program.tool("openssl", "apt-get install openssl");
        List<String> command = new ArrayList<>(List.of(
                openssl,
                "s_client",
                "-quiet",
                "-verify_return_error",
                "-verify_ip",
                "127.0.0.1",
                "-CAfile",
                certificate.toString()));
        command.addAll(List.of(how));
        return Smtp.by(new ProcessBuilder(command)
                .redirectError(directory.resolve("openssl.log").toFile())
                .start());
    }

    private static void sendLoggedIn(Smtp smtp, String mechanism, Letter letter)
            throws IOException, GeneralSecurityException {
        assertThat(smtp.say("EHLO client.test")).startsWith("250");
        assertThat(smtp.say("MAIL FROM:<sender@in.test>")).startsWith("530");
        if (mechanism.equals("PLAIN")) {
            byte[] response = ("\0ann\0" + PASSWORD).getBytes(StandardCharsets.US_ASCII);
            assertThat(smtp.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(response)))
                    .startsWith("235");
        } else {
            String challenge = smtp.say("AUTH SCRAM-SHA-256 " + Scram.hello());
            assertThat(smtp.say(Scram.proof(challenge, PASSWORD))).startsWith("334");
            assertThat(smtp.say("")).startsWith("235");
        }
        assertThat(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME")).startsWith("250");
        assertThat(smtp.say("RCPT TO:<ann@out.test>")).startsWith("250");
        assertThat(smtp.say("DATA")).startsWith("354");
        Smtp.id(smtp.content(letter.octets()));
        assertThat(letter.front(arrived(letter).content())).contains("with ESMTPSA");
    }

    private static String ports(String how) {
        return how.replace("@LOGIN@", Integer.toString(login))
                .replace("@IMPLICIT@", Integer.toString(implicit))
                .replace("@LMTP@", Integer.toString(lmtp))
                .replace("@PLAIN@", Integer.toString(instance.port()));
    }

    private static Ran run(byte[] input, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input);
        }
        return Program.end(process);
    }

    private static Mail arrived(Letter letter) {
        return await(letter.toString())
                .atMost(PATIENCE)
                .until(
                        () -> sink.mails().stream()
                                .filter(mail -> letter.isEndOf(mail.content()))
                                .toList(),
                        found -> !found.isEmpty())
                .get(0);
    }
}
