package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** We deliver into the mailboxes of Dovecot by LMTP: each recipient has its own answer. */
@Timeout(180)
class DovecotIT {

    private static final String CONFIGURATION = """
            base_dir = @DIRECTORY@/run
            state_dir = @DIRECTORY@/run
            log_path = @DIRECTORY@/log
            protocols = lmtp
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

    private Mta dovecot(int port) throws IOException {
        Mta.requireRoot();
        String dovecot = Program.tool("dovecot", "apt-get install dovecot-lmtpd");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path directory = Files.createDirectories(temp.resolve("dovecot"));
        Path mail = Files.createDirectories(directory.resolve("mail"));
        Files.setOwner(
                mail, mail.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("mail"));
        int user = (int) Files.getAttribute(mail, "unix:uid");
        String line = ":{PLAIN}not-a-secret:" + user + ":" + user + "::::\n";
        Files.writeString(directory.resolve("users"), "ann" + line + "bob" + line);
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
