package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts an own Postfix, which has nothing of the system's but its programs. */
final class Postfix {

    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = @DIRECTORY@/spool
            data_directory = @DIRECTORY@/data
            mail_owner = postfix
            setgid_group = postdrop
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mydestination =
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            alias_maps =
            alias_database =
            local_recipient_maps =
            disable_dns_lookups = yes
            smtp_host_lookup = native
            smtpd_peername_lookup = no
            in_flow_delay = 0
            local_header_rewrite_clients =
            maillog_file = @DIRECTORY@/log
            maillog_file_prefixes = @DIRECTORY@
            """;

    private static final String MASTER = """
            127.0.0.1:@PORT@ inet n - n - - smtpd
            pickup    unix n - n 60 1 pickup
            cleanup   unix n - n - 0 cleanup
            qmgr      unix n - n 300 1 qmgr
            tlsmgr    unix - - n 1000? 1 tlsmgr
            rewrite   unix - - n - - trivial-rewrite
            bounce    unix - - n - 0 bounce
            defer     unix - - n - 0 bounce
            trace     unix - - n - 0 bounce
            proxymap  unix - - n - - proxymap
            smtp      unix - - n - - smtp
            lmtp      unix - - n - - lmtp
            error     unix - - n - - error
            retry     unix - - n - - error
            anvil     unix - - n - 1 anvil
            scache    unix - - n - 1 scache
            postlog   unix-dgram n - n - 1 postlogd
            """;

    private Postfix() {}

    /** Skips the test, loudly, where it is missing; it listens on a port of 127.0.0.1. */
    static Mta start(Path directory, int port, String settings) throws IOException {
        Mta.requireRoot();
        String postfix = Program.tool("postfix", "apt-get install postfix");
        Path etc = Files.createDirectories(directory.resolve("etc"));
        Files.createDirectories(directory.resolve("spool"));
        own(Files.createDirectories(directory.resolve("data")));
        Files.writeString(etc.resolve("main.cf"), MAIN.replace("@DIRECTORY@", directory.toString()) + settings);
        Files.writeString(etc.resolve("master.cf"), MASTER.replace("@PORT@", Integer.toString(port)));
        return Mta.start("postfix", port, directory.resolve("log"), List.of(postfix, "-c", etc.toString(), "start-fg"));
    }

    private static void own(Path directory) throws IOException {
        Files.setOwner(
                directory,
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
    }
}
