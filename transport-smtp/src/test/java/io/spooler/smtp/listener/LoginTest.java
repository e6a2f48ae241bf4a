package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AUTH, what it allows, and what becomes of those who guess. */
@Timeout(60)
class LoginTest {

    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";
    private static final String RIGHT = "AUTH PLAIN " + ScramClient.encode("\0user\0pencil");
    private static final String WRONG = "AUTH PLAIN " + ScramClient.encode("\0user\0pen");

    @TempDir
    static Path directory;

    private static TestKeys keys;
    private final TestUsers users = new TestUsers();
    private Rig rig;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = TestKeys.make(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** A session under TLS that has greeted. */
    private RawClient encrypted() throws Exception {
        RawClient client = rig.connect().greet();
        client.ask("STARTTLS");
        client.encrypt(keys.client()).ask("EHLO client.example");
        return client;
    }

    private void role(String role) {
        rig = new Rig(
                "tls", "may", "tls_certificate", "" + keys.certificate(), "tls_key", "" + keys.key(), "role", role);
        rig.users = users;
    }

    @Test
    void onlyUnderTlsAndOnlyWhereSomebodyCanLogIn() throws Exception {
        role("both");
        try (RawClient client = rig.connect()) {
            client.reply();
            assertThat(client.ask("EHLO a")).doesNotContain("AUTH");
            assertThat(client.ask(RIGHT)).isEqualTo("538 5.7.11 encryption is required to log in");
            client.ask("STARTTLS");
            client.encrypt(keys.client());
            assertThat(client.ask(RIGHT)).as("before EHLO").startsWith("503 5.5.1");
            assertThat(client.ask("EHLO a")).contains("250 AUTH PLAIN LOGIN SCRAM-SHA-256");
            rig.users = null;
            assertThat(client.ask("EHLO a")).doesNotContain("AUTH");
            assertThat(client.ask(RIGHT)).startsWith("502 5.5.1");
        }
    }

    @Test
    void plainAtOnceOrInTwoSteps() throws Exception {
        role("submission");
        try (RawClient client = encrypted()) {
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).isEqualTo("530 5.7.0 must log in first");
            assertThat(client.ask(RIGHT)).isEqualTo("235 2.7.0 logged in");
            assertThat(client.ask(RIGHT)).as("twice").startsWith("503 5.5.1");
            assertThat(client.ask("MAIL FROM:<bob@example.org> AUTH=<>")).startsWith("250");
            assertThat(client.ask("RCPT TO:<x@elsewhere.example>")).startsWith("250 2.1.5");
            client.ask("DATA");
            assertThat(client.send(CONTENT).reply()).startsWith("250 2.0.0 queued");
            assertThat(rig.fake.next().text()).contains(" with ESMTPSA\r\n").doesNotContain("user");
        }
        try (RawClient client = encrypted()) {
            assertThat(client.ask("auth plain")).isEqualTo("334 ");
            assertThat(client.ask(ScramClient.encode("user\0user\0pencil"))).startsWith("235 2.7.0");
        }
    }

    @Test
    void loginStepByStep() throws Exception {
        role("submission");
        try (RawClient client = encrypted()) {
            assertThat(client.ask("AUTH LOGIN")).isEqualTo("334 " + ScramClient.encode("Username:"));
            assertThat(client.ask(ScramClient.encode("user"))).isEqualTo("334 " + ScramClient.encode("Password:"));
            assertThat(client.ask(ScramClient.encode("pencil"))).startsWith("235 2.7.0");
        }
        try (RawClient client = encrypted()) {
            assertThat(client.ask("AUTH LOGIN " + ScramClient.encode("user"))).startsWith("334");
            assertThat(client.ask(ScramClient.encode("pencils"))).isEqualTo("535 5.7.8 name or password is wrong");
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).startsWith("530");
        }
    }

    @Test
    void scramShowsNoPassword() throws Exception {
        role("submission");
        ScramClient scram = new ScramClient("user");
        try (RawClient client = encrypted()) {
            String challenge = ScramClient.decode(client.ask("AUTH SCRAM-SHA-256 " + scram.hello()));
            assertThat(challenge).startsWith("r=rOprNGfwEbeRWgbNEkqO").endsWith(",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
            String answer = ScramClient.decode(client.ask(scram.proof(challenge, "pencil")));
            assertThat(answer).isEqualTo(scram.signature());
            assertThat(client.ask("")).startsWith("235 2.7.0");
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).startsWith("250");
        }
    }

    @Test
    void aProofIsForItsOwnNonce() throws Exception {
        role("submission");
        ScramClient scram = new ScramClient("user");
        try (RawClient client = encrypted()) {
            String challenge = ScramClient.decode(client.ask("AUTH SCRAM-SHA-256 " + scram.hello()));
            assertThat(client.ask(scram.proof(challenge, "r=another", "pencil")))
                    .startsWith("535 5.7.8");
        }
    }

    @ParameterizedTest
    @CsvSource({"user, pen", "nobody, pencil"})
    void scramWithoutTheRightPasswordFails(String name, String password) throws Exception {
        role("submission");
        ScramClient scram = new ScramClient(name);
        try (RawClient client = encrypted();
                RawClient again = encrypted()) {
            String challenge = ScramClient.decode(client.ask("AUTH SCRAM-SHA-256 " + scram.hello()));
            assertThat(client.ask(scram.proof(challenge, password))).startsWith("535 5.7.8");
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).startsWith("530");
            String other = ScramClient.decode(again.ask("AUTH SCRAM-SHA-256 " + scram.hello()));
            assertThat(other.split(",", -1)[1])
                    .as("the salt does not tell who exists")
                    .isEqualTo(challenge.split(",", -1)[1]);
            assertThat(other).as("but a proof fits once").isNotEqualTo(challenge);
            assertThat(again.ask(scram.proof(challenge, "pencil"))).startsWith("535 5.7.8");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH, 504 5.5.4",
        "AUTH CRAM-MD5, 504 5.5.4",
        "AUTH PLAIN =, 535 5.7.8",
        "AUTH PLAIN !!!, 501 5.5.2",
        "AUTH PLAIN dXNlcg==, 535 5.7.8",
        "AUTH PLAIN YW5uAHVzZXIAcGVuY2ls, 535 5.7.8",
        "AUTH SCRAM-SHA-256 cD10bHMtdW5pcXVlLCxuPXVzZXIscj14, 535 5.7.8",
        "AUTH SCRAM-SHA-256 bixhPWFubixuPXVzZXIscj14, 535 5.7.8"
    })
    void whatIsNoLogInIsRefused(String command, String reply) throws Exception {
        role("both");
        try (RawClient client = encrypted()) {
            assertThat(client.ask(command)).startsWith(reply);
            assertThat(client.ask("NOOP")).startsWith("250");
            assertThat(client.ask("AUTH LOGIN")).startsWith("334");
            assertThat(client.ask("*")).startsWith("501 5.7.0");
            assertThat(client.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void usersOutOfReachAreATemporaryMatter() throws Exception {
        role("both");
        users.outOfReach = true;
        try (RawClient client = encrypted()) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.ask(RIGHT)).startsWith("454 4.7.0");
            }
            users.outOfReach = false;
            assertThat(client.ask(RIGHT)).startsWith("235");
        }
    }

    @Test
    void fiveFailuresAMinuteBarForAQuarterOfAnHour() throws Exception {
        role("both");
        try (RawClient client = encrypted();
                RawClient other = encrypted()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.ask(WRONG)).startsWith("535 5.7.8");
            }
            rig.nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
            assertThat(client.ask(WRONG)).startsWith("421 4.7.0");
            assertThat(client.reply()).isEmpty();
            assertThat(other.ask(RIGHT)).startsWith("421 4.7.0");
        }
        try (RawClient barred = rig.connect()) {
            assertThat(barred.reply()).startsWith("421 4.7.0");
        }
        rig.nanos.addAndGet(TimeUnit.MINUTES.toNanos(15));
        try (RawClient client = encrypted()) {
            assertThat(client.ask(RIGHT)).startsWith("235");
        }
    }

    @Test
    void failuresFarApartDoNotBar() throws Exception {
        role("both");
        try (RawClient client = encrypted()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(WRONG)).startsWith("535 5.7.8");
                rig.nanos.addAndGet(TimeUnit.SECONDS.toNanos(16));
            }
        }
    }

    @Test
    void aDeliveryListenerLetsNobodyLogIn() throws Exception {
        role("delivery");
        try (RawClient client = encrypted()) {
            assertThat(client.ask("EHLO a")).doesNotContain("AUTH");
            assertThat(client.ask(RIGHT)).startsWith("502 5.5.1");
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
        }
    }

    @Test
    void aLogInPipelinedBehindAnotherWaits() throws Exception {
        role("both");
        try (RawClient client = encrypted()) {
            client.send(RIGHT + "\r\nNOOP\r\nRSET\r\n");
            assertThat(client.reply()).startsWith("235");
            assertThat(client.reply()).startsWith("250");
            assertThat(client.reply()).startsWith("250");
        }
    }
}
