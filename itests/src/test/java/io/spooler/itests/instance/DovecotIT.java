package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail between us and Dovecot: into its mailboxes by LMTP, and from it as the proxy that it is for other LMTP servers. */
@Timeout(180)
class DovecotIT {

    private static final String CONFIGURATION = """
            base_dir = @DIRECTORY@/run
            state_dir = @DIRECTORY@/run
            log_path = @DIRECTORY@/log
            protocols = lmtp
            lmtp_proxy = yes
            ssl = no
            mail_location = maildir:@DIRECTORY@/mail/%n
            first_valid_uid = 1
            hostname = peer.test
            postmaster_address = postmaster@box.test
            passdb {
              driver = passwd-file
              args = username_format=%n @DIRECTORY@/users
            }
            userdb {
              driver = passwd-file
              args = username_format=%n @DIRECTORY@/users
            }
            service lmtp {
              inet_listener lmtp {
                address = 127.0.0.1
                port = @PORT@
              }
            }
            """;

    @TempDir
    Path temp;

    @Test
    void takesEachRecipientForItself() throws IOException {
        int port = Ports.free();
        Letter letter = Letter.about("by LMTP");
        try (Mta dovecot = dovecot(port);
                Instance instance = Instance.in(temp.resolve("us"))
                        .etc(
                                "io.spooler.smtp.client-box.cfg",
                                "host=127.0.0.1\nport=" + port + "\nprotocol=lmtp\npatterns=*@box.test\ntls=none")
                        .start();
                Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME")).startsWith("250");
            for (String name : List.of("ann", "bob", "nobody")) {
                assertThat(smtp.say("RCPT TO:<" + name + "@box.test>")).startsWith("250");
            }
            assertThat(smtp.say("DATA")).startsWith("354");
            String id = Smtp.id(smtp.content(letter.octets()));
            assertThat(instance.shUntil(
                            "spooler:show " + id,
                            text -> text.contains("FAILED") && text.split(" DELIVERED ", -1).length == 3))
                    .as("with the log of %s", dovecot)
                    .containsPattern("ann@box.test +DELIVERED .* Saved")
                    .containsPattern("bob@box.test +DELIVERED .* Saved")
                    .containsPattern("nobody@box.test +FAILED .* 5\\.1\\.1");
            for (String name : List.of("ann", "bob")) {
                byte[] mail = Files.readAllBytes(onlyMail(temp.resolve("dovecot/mail/" + name + "/new")));
                // Dovecot keeps lines with LF.
                String text = Letter.latin1(mail).replace("\r\n", "\n");
                assertThat(text).endsWith(Letter.latin1(letter.octets()).replace("\r\n", "\n"));
                assertThat(text).startsWith("Return-Path: <sender@in.test>\n");
            }

            assertThat(smtp.say("MAIL FROM:<sender@in.test> SMTPUTF8")).startsWith("250");
            assertThat(smtp.sayInternational("RCPT TO:<jörg@box.test>")).startsWith("250");
            assertThat(smtp.say("DATA")).startsWith("354");
            id = Smtp.id(smtp.content(Letter.about("it knows no SMTPUTF8").octets()));
            assertThat(instance.showUntil(id, "FAILED")).contains("5.6.7");
        }
    }

    @Test
    void handsOverToUsAsAProxy() throws IOException {
        int port = Ports.free();
        int lmtp = Ports.free();
        Letter letter = Letter.about("through the proxy");
        try (SmtpPeer sink = SmtpPeer.start();
                Instance instance = Instance.in(temp.resolve("us"))
                        .etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=ann")
                        .etc(
                                "io.spooler.smtp.listener-lmtp.cfg",
                                "address=127.0.0.1\nport=" + lmtp
                                        + "\nprotocol=lmtp\nrelay_networks=127.0.0.0/8\nlocal_domains=spooler.local")
                        .smartHost(sink.port())
                        .start();
                Mta dovecot = dovecot(
                        port,
                        user("carl", "lmtp", lmtp),
                        user("dora", "smtp", instance.port()),
                        user("nobody", "lmtp", lmtp));
                Smtp client = Smtp.lmtp(port)) {
            assertThat(client.say("MAIL FROM:<sender@in.test> BODY=8BITMIME")).startsWith("250");
            assertThat(client.say("RCPT TO:<carl@out.test>"))
                    .as("with the log of %s", dovecot)
                    .startsWith("250");
            assertThat(client.say("RCPT TO:<dora@out.test>")).startsWith("250");
            assertThat(client.say("RCPT TO:<nobody@spooler.local>"))
                    .as("our answer, handed on")
                    .startsWith("550 5.1.1")
                    .contains("no such recipient here");
            assertThat(client.say("DATA")).startsWith("354");
            List<String> replies = List.of(client.content(letter.octets()), client.reply());
            assertThat(replies).allMatch(reply -> reply.startsWith("250 2.0.0"));
            assertThat(sink.awaitMails(2))
                    .allSatisfy(mail -> assertThat(letter.isEndOf(mail.content()))
                            .as("the same octets")
                            .isTrue());
        }
    }

    /** The line of a user whose mail is for us. */
    private static String user(String name, String protocol, int port) {
        return name + ":{PLAIN}not-a-secret::::::proxy=y nopassword=y host=127.0.0.1 protocol=" + protocol + " port="
                + port + "\n";
    }

    private Mta dovecot(int port, String... others) throws IOException {
        Mta.requireRoot();
        String dovecot = Program.tool("dovecot", "apt-get install dovecot-lmtpd");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path directory = Files.createDirectories(temp.resolve("dovecot"));
        Path mail = Files.createDirectories(directory.resolve("mail"));
        Files.setOwner(
                mail, mail.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("mail"));
        int user = (int) Files.getAttribute(mail, "unix:uid");
        String line = ":{PLAIN}not-a-secret:" + user + ":" + user + "::::\n";
        Files.writeString(directory.resolve("users"), "ann" + line + "bob" + line + String.join("", others));
        Path configuration = Files.writeString(
                directory.resolve("dovecot.conf"),
                CONFIGURATION.replace("@DIRECTORY@", directory.toString()).replace("@PORT@", Integer.toString(port)));
        return Mta.start(
                "dovecot", port, directory.resolve("log"), List.of(dovecot, "-F", "-c", configuration.toString()));
    }

    private static Path onlyMail(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
