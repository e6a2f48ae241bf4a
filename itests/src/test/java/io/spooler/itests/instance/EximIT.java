package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Exim, out of its unpacked package: it cannot be installed beside Postfix. */
class EximIT extends MtaContract {

    private static final String CONFIGURATION = """
            primary_hostname = peer.test
            daemon_smtp_ports = @PORT@
            local_interfaces = 127.0.0.1
            log_file_path = @LOG@/%slog
            keep_environment =
            host_lookup =
            rfc1413_query_timeout = 0s
            accept_8bitmime = true
            smtp_accept_queue_per_connection = 0
            smtputf8_advertise_hosts = *
            dsn_advertise_hosts = *
            tls_advertise_hosts = *
            tls_certificate = @CERT@
            tls_privatekey = @KEY@
            acl_smtp_rcpt = rcpt
            begin acl
            rcpt:
              deny recipients = eve@out.test
                message = not here
              accept
            begin routers
            ours:
              driver = manualroute
              domains = in.test : refused.test
              transport = ours
              route_list = * 127.0.0.1
              self = send
            sink:
              driver = manualroute
              domains = *
              transport = sink
              route_list = * 127.0.0.1
              self = send
            begin transports
            ours:
              driver = smtp
              port = @US@
              hosts_require_tls = *
              tls_verify_hosts =
              tls_try_verify_hosts =
            sink:
              driver = smtp
              port = @SINK@
            """;

    @Override
    Mta start(Path directory, Way way) throws IOException {
        Path etc = Files.createDirectories(directory.resolve("root/etc/exim4"));
        Files.writeString(etc.resolve("exim4.conf"), way.fill(CONFIGURATION).replace("@LOG@", directory.toString()));
        String prepare =
                "install -d -o Debian-exim /var/spool/exim4 && chown Debian-exim " + directory + " && exec exim4 -bdf";
        return Mta.startUnpacked(
                "exim", way.port(), directory.resolve("root"), List.of("Debian-exim"), "sh", "-c", prepare);
    }

    @Override
    boolean isInternational() {
        return true;
    }
}
