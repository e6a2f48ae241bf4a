package io.spooler.imap;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A scripted server, and a fetcher that goes there. */
abstract class ImapRig {

    final StoreInlet inlet = new StoreInlet();
    final Bell bell = new Bell();
    ScriptedImap server;
    Fetcher fetcher;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedImap();
    }

    @AfterEach
    void end() throws Exception {
        if (fetcher != null) {
            fetcher.close();
        }
        server.close();
    }

    static String mail(String subject) {
        return "Message-ID: <" + subject + "@example.org>\r\nSubject: " + subject + "\r\n\r\nText of " + subject
                + "\r\n";
    }

    /** A process begins, looks once and rests. */
    Bell.Rest begin(String... pairs) throws Exception {
        if (fetcher != null) {
            fetcher.close();
        }
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null);
        fetcher.apply(Accounts.of(server.port(), pairs));
        fetcher.openInbound(inlet);
        return bell.next();
    }

    List<String> subjects() throws IOException {
        return inlet.texts().stream()
                .map(text -> text.replaceAll("(?s).*Subject: (\\S+)\r\n.*", "$1"))
                .toList();
    }
}
