package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** POP3 servers that give an id twice: nothing is lost, and nothing comes again and again. */
class HostilePopTest {

    private final StoreInlet inlet = new StoreInlet();
    private final Bell bell = new Bell();
    private ScriptedPop server;
    private Fetcher fetcher;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPop();
    }

    @AfterEach
    void end() throws IOException {
        fetcher.close();
        server.close();
    }

    private static String mail(String subject) {
        return "Subject: " + subject + "\r\n\r\nText of " + subject + "\r\n";
    }

    /** A process begins, looks so many times and ends. */
    private void look(int times, String after) throws Exception {
        if (fetcher != null) {
            fetcher.close();
        }
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null);
        fetcher.apply(Accounts.of(server.port(), "protocol", "pop3", "after", after));
        fetcher.openInbound(inlet);
        Bell.Rest rest = bell.next();
        for (int i = 1; i < times; i++) {
            assertThat(rest.delay()).as(fetcher.status().text()).isEqualTo(Duration.ofMinutes(1));
            rest.task().run();
            rest = bell.next();
        }
    }

    @Test
    void messages_with_one_id_are_told_apart_by_their_headers_and_each_comes_once() throws Exception {
        server.add("x", mail("a"));
        server.add("y", mail("b"));
        server.add("x", mail("c"));
        server.add("x", mail("d"));
        look(2, "leave");
        look(2, "leave");
        assertThat(inlet.texts()).containsExactly(mail("a"), mail("b"), mail("c"), mail("d"));
        assertThat(server.commands("RETR")).hasSize(4);
        server.mails.remove(0);
        server.add("x", mail("e"));
        look(2, "leave");
        assertThat(inlet.texts())
                .as("also when another has become the first of them")
                .containsExactly(mail("a"), mail("b"), mail("c"), mail("d"), mail("e"));
        assertThat(server.mails).hasSize(4);
        assertThat(fetcher.status().text()).doesNotContain("left");
    }

    @Test
    void each_of_them_is_deleted_behind_its_own_commit() throws Exception {
        server.add("x", mail("a"));
        server.add("x", mail("b"));
        server.add("x", mail("c"));
        inlet.committed = () -> {
            if (inlet.entries().size() == 2) {
                inlet.committed = () -> {};
                throw new IllegalStateException("the process ends here");
            }
        };
        look(1, "delete");
        assertThat(server.mails).as("the session did not end well").hasSize(3);
        look(1, "delete");
        assertThat(inlet.texts()).containsExactly(mail("a"), mail("b"), mail("c"));
        assertThat(server.mails).isEmpty();
        assertThat(inlet.origins()
                        .of(Accounts.of(server.port(), "protocol", "pop3").source("imap-ann")))
                .isEmpty();
    }

    /** RFC 1939 section 7: an id may be made of the content. */
    @Test
    void of_copies_with_one_id_one_comes_while_it_is_there() throws Exception {
        server.add("x", mail("a"));
        server.add("x", mail("a"));
        look(2, "leave");
        look(2, "leave");
        assertThat(inlet.texts()).containsExactly(mail("a"));
        assertThat(server.commands("RETR")).hasSize(1);
    }

    @Test
    void copies_are_not_deleted_for_each_other() throws Exception {
        server.add("x", mail("a"));
        server.add("x", mail("a"));
        look(1, "delete");
        assertThat(server.mails).hasSize(1);
        look(2, "delete");
        assertThat(inlet.texts()).containsExactly(mail("a"), mail("a"));
        assertThat(server.mails).isEmpty();
    }

    @Test
    void where_nothing_tells_them_apart_they_stay_on_the_server() throws Exception {
        server.top = false;
        server.add("x", mail("a"));
        server.add("y", mail("b"));
        server.add("x", mail("c"));
        look(3, "delete");
        assertThat(inlet.texts()).containsExactly(mail("b"));
        assertThat(server.mails).extracting(ScriptedPop.Mail::text).isEqualTo(List.of(mail("a"), mail("c")));
        assertThat(server.commands("RETR")).hasSize(1);
        assertThat(fetcher.status().text()).contains("1 are left there, see the log");
    }
}
