package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** OpenSMTPD, out of its unpacked package: it cannot be installed beside Postfix. It knows no SMTPUTF8. */
class OpenSmtpdIT extends MtaContract {

    private static final String CONFIGURATION = """
            pki peer cert "@CERT@"
            pki peer key "/etc/peer.key"
            listen on 127.0.0.1 port @PORT@ hostname peer.test tls pki peer
            action "ours" relay host "smtp+tls://127.0.0.1:@US@" tls no-verify helo peer.test
            action "sink" relay host "smtp+notls://127.0.0.1:@SINK@" helo peer.test
            match from any for rcpt-to "eve@out.test" reject
            match from any for domain { "in.test", "refused.test" } action "ours"
            match from any for any action "sink"
            """;

    @Override
    Mta start(Path directory, Way way) throws IOException {
        Path etc = Files.createDirectories(directory.resolve("root/etc"));
        Files.writeString(etc.resolve("peer.conf"), way.fill(CONFIGURATION));
        // It wants its key for itself, and would ask name servers before its own table.
        Path key = Files.copy(way.certificate().key(), etc.resolve("peer.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(etc.resolve("resolv.conf"), "lookup file\n");
        String prepare = "install -d /var/lib/opensmtpd/empty && install -d -m 711 /var/spool/smtpd"
                + " && exec smtpd -d -f /etc/peer.conf";
        return Mta.startUnpacked(
                "opensmtpd",
                way.port(),
                directory.resolve("root"),
                List.of("opensmtpd", "opensmtpq"),
                "sh",
                "-c",
                prepare);
    }

    @Override
    boolean isInternational() {
        return false;
    }

    /** Version 6.8 with OpenSSL 3 cannot use its key ("EVP lib"), so it is a server without TLS; as a client it has TLS. */
    @Override
    String tls() {
        return "tls=none";
    }

    /** Version 6.8 refuses NEVER alone, too ("cannot be combined with other options"). */
    @Override
    String never() {
        return "";
    }
}
