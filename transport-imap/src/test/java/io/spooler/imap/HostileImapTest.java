package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Servers that are out of order, or mean it: nothing comes twice, nothing is lost, everything stays within bounds. */
class HostileImapTest extends ImapRig {

    @Test
    void nothing_is_fetched_twice_over_rounds_and_restarts() throws Exception {
        server.add(1, mail("a"));
        server.add(2, mail("b"));
        Bell.Rest rest = begin();
        assertThat(inlet.texts()).containsExactly(mail("a"), mail("b"));
        server.add(5, mail("c"));
        rest.task().run();
        rest = bell.next();
        assertThat(rest.delay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(subjects()).containsExactly("a", "b", "c");
        inlet.deleteAll();
        begin();
        assertThat(subjects())
                .as("what was read and deleted here stays there, and does not come again")
                .isEmpty();
        assertThat(server.mails).hasSize(3);
        assertThat(server.commands("BODY.PEEK[]")).hasSize(3);
        assertThat(server.commands("STORE")).isEmpty();
        assertThat(server.commands("EXAMINE")).as("nothing is to change there").hasSize(3);
    }

    @Test
    void a_process_that_ends_behind_the_commit_deletes_next_time_and_fetches_nothing_twice() throws Exception {
        server.add(1, mail("a"));
        server.add(2, mail("b"));
        inlet.committed = () -> {
            inlet.committed = () -> {};
            throw new IllegalStateException("the process ends here");
        };
        begin("after", "delete");
        assertThat(subjects()).containsExactly("a");
        assertThat(server.mails).as("deleted only behind the commit").hasSize(2);
        assertThat(server.commands("STORE")).as("nor marked before").isEmpty();
        begin("after", "delete");
        assertThat(subjects()).containsExactly("a", "b");
        assertThat(server.mails).isEmpty();
        assertThat(inlet.origins().of(Accounts.of(server.port()).source("imap-ann")))
                .as("of what is gone nothing is remembered")
                .isEmpty();
    }

    @Test
    void what_was_not_marked_when_the_process_ended_is_marked_later() throws Exception {
        server.add(1, mail("a"));
        inlet.committed = () -> {
            inlet.committed = () -> {};
            throw new IllegalStateException("the process ends here");
        };
        begin("after", "seen");
        assertThat(server.commands("STORE")).isEmpty();
        begin("after", "seen");
        assertThat(server.commands("STORE 1 +FLAGS.SILENT (\\Seen)")).hasSize(1);
        assertThat(subjects()).containsExactly("a");
    }

    @Test
    void a_connection_that_breaks_in_a_message_leaves_nothing_and_is_tried_again_later_and_later() throws Exception {
        server.add(1, mail("a"));
        server.trick = (line, mail) -> {
            if (mail.uid() != 1) {
                return false;
            }
            line.say("* 1 FETCH (UID 1 BODY[] {100000}");
            line.write(mail.text().repeat(100).getBytes(StandardCharsets.ISO_8859_1));
            server.hangUp();
            return true;
        };
        Bell.Rest rest = begin();
        assertThat(rest.delay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(inlet.entries()).isEmpty();
        assertThat(inlet.open).as("receptions that are open").hasValue(0);
        assertThat(fetcher.status().condition()).isEqualTo(Condition.OFFLINE);
        for (int seconds : List.of(10, 20, 40)) {
            rest.task().run();
            rest = bell.next();
            assertThat(rest.delay()).isEqualTo(Duration.ofSeconds(seconds));
        }
        server.add(2, mail("b"));
        rest.task().run();
        rest = bell.next();
        assertThat(subjects())
                .as("behind the one that breaks three times the others wait no longer")
                .containsExactly("b");
        server.trick = (line, mail) -> false;
        rest.task().run();
        bell.next();
        assertThat(subjects()).containsExactly("b", "a");
        assertThat(fetcher.status().condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void what_was_deleted_goes_for_good_though_the_connection_always_breaks_at_another() throws Exception {
        server.add(1, mail("a"));
        server.add(2, mail("b"));
        server.trick = (line, mail) -> {
            if (mail.uid() == 1) {
                server.hangUp();
            }
            return mail.uid() == 1;
        };
        Bell.Rest rest = begin("after", "delete");
        for (int i = 0; i < 3; i++) {
            rest.task().run();
            rest = bell.next();
        }
        assertThat(subjects()).containsExactly("b");
        assertThat(server.mails).extracting(ScriptedImap.Mail::uid).containsExactly(1L);
        server.trick = (line, mail) -> false;
        rest.task().run();
        bell.next();
        assertThat(subjects()).containsExactly("b", "a");
        assertThat(server.mails).isEmpty();
    }

    @Test
    void what_is_too_large_stays_there_and_does_not_hold_up_the_others() throws Exception {
        server.add(1, mail("a".repeat(2_000)));
        server.add(2, mail("b"));
        Bell.Rest rest = begin("max_size", "1k", "after", "delete");
        assertThat(subjects()).containsExactly("b");
        assertThat(server.mails).hasSize(1);
        assertThat(server.commands("BODY.PEEK[]")).as("not even fetched").hasSize(1);
        assertThat(fetcher.status().text()).contains("1 are left there");
        assertThat(rest.delay()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void what_is_larger_than_announced_leaves_nothing_and_is_not_tried_again() throws Exception {
        server.add(1, mail("a").repeat(100));
        server.add(2, mail("b"));
        server.sizes = 10;
        Bell.Rest rest = begin("max_size", "1k");
        assertThat(inlet.entries()).isEmpty();
        assertThat(inlet.open).as("receptions that are open").hasValue(0);
        rest.task().run();
        bell.next();
        assertThat(subjects()).containsExactly("b");
        assertThat(server.commands("UID FETCH 1 (UID BODY.PEEK[])")).hasSize(1);
    }

    @Test
    void a_literal_that_nobody_asked_for_ends_the_connection_and_costs_no_memory() throws Exception {
        server.add(1, mail("a"));
        server.trick = (line, mail) -> {
            line.say("* OK [ALERT] {2000000000}");
            return false;
        };
        begin();
        assertThat(inlet.entries()).isEmpty();
        assertThat(fetcher.status().text()).contains("2000000000 octets that nobody has asked for");
    }

    @Test
    void a_line_without_end_ends_the_connection() throws Exception {
        server.add(1, mail("a"));
        server.trick = (line, mail) -> {
            line.write("x".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1));
            return true;
        };
        begin();
        assertThat(fetcher.status().text()).contains("a line of more than");
    }

    @Test
    void an_answer_with_another_message_is_not_believed() throws Exception {
        server.add(1, mail("a"));
        server.trick = (line, mail) -> {
            line.say("* 1 FETCH (UID 2 BODY[] {5}");
            line.say("xxxxx)");
            return true;
        };
        begin();
        assertThat(inlet.entries()).isEmpty();
        assertThat(fetcher.status().text()).contains("another message than UID 1");
    }

    @Test
    void a_message_that_has_gone_meanwhile_is_passed_over() throws Exception {
        server.add(1, mail("a"));
        server.add(2, mail("b"));
        server.trick = (line, mail) -> mail.uid() == 1;
        begin();
        assertThat(subjects()).containsExactly("b");
    }

    @Test
    void what_the_server_does_not_give_is_asked_for_seldom_and_at_a_flush() throws Exception {
        server.add(1, mail("a"));
        server.trick = (line, mail) -> true;
        Bell.Rest rest = begin();
        for (int look = 2; look <= 61; look++) {
            rest.task().run();
            rest = bell.next();
        }
        assertThat(server.commands("UID FETCH 1 ")).hasSize(1);
        assertThat(fetcher.status().text()).contains("1 are left there");
        rest.task().run();
        bell.next();
        assertThat(server.commands("UID FETCH 1 ")).hasSize(2);
        server.trick = (line, mail) -> false;
        fetcher.flushInbound().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(subjects()).containsExactly("a");
    }

    @Test
    void other_settings_give_another_chance() throws Exception {
        server.add(1, mail("a").repeat(100));
        server.sizes = 10;
        begin("max_size", "1k");
        assertThat(inlet.entries()).isEmpty();
        fetcher.apply(Accounts.of(server.port(), "max_size", "1M"));
        bell.next();
        assertThat(inlet.entries()).hasSize(1);
    }

    @Test
    void a_wrong_password_is_seen_in_the_status_and_is_not_tried_often() throws Exception {
        server.login = "NO [AUTHENTICATIONFAILED] not \u001b[31m secret-of-ann";
        Bell.Rest rest = begin();
        TransportStatus status = fetcher.status();
        assertThat(status.condition()).isEqualTo(Condition.FAILED);
        assertThat(status.text()).contains("does not let ann in").contains("AUTHENTICATIONFAILED");
        assertThat(status.text()).doesNotContain("secret-of-ann").doesNotContain("\u001b");
        assertThat(rest.delay()).isEqualTo(Duration.ofMinutes(15));
        server.login = "OK";
        rest.task().run();
        bell.next();
        assertThat(fetcher.status().condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void a_server_that_is_gone_is_offline_until_it_is_back() throws Exception {
        int port = server.port();
        server.close();
        Bell.Rest rest = begin();
        assertThat(fetcher.status().condition()).isEqualTo(Condition.OFFLINE);
        assertThat(fetcher.status().text()).contains("127.0.0.1:" + port).contains("refused");
        assertThat(rest.delay()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void without_starttls_nothing_is_said_that_is_secret() throws Exception {
        begin("tls", "verify", "tls_implicit", "false");
        assertThat(fetcher.status().text()).contains("no TLS");
        assertThat(server.commands("LOGIN")).isEmpty();
    }

    @Test
    void what_the_spooler_does_not_take_now_stays_on_the_server() throws Exception {
        server.add(1, mail("a"));
        inlet.refusal = new SpoolException(SpoolException.Reason.STORE_FULL, "the disk is full");
        Bell.Rest rest = begin("after", "delete");
        assertThat(fetcher.status().text()).contains("the disk is full");
        assertThat(server.mails).hasSize(1);
        assertThat(server.commands("STORE")).as("nothing is marked").isEmpty();
        inlet.refusal = null;
        rest.task().run();
        bell.next();
        assertThat(subjects()).containsExactly("a");
    }

    @Test
    void inbound_that_is_closed_fetches_nothing() throws Exception {
        Bell.Rest rest = begin();
        fetcher.closeInbound();
        server.add(1, mail("a"));
        rest.task().run();
        assertThat(fetcher.flushInbound().toCompletableFuture()).isCompleted();
        assertThat(inlet.entries()).isEmpty();
        fetcher.openInbound(inlet);
        bell.next();
        assertThat(subjects()).containsExactly("a");
    }

    @Test
    void deactivation_in_the_middle_of_a_message_is_quick_and_leaves_nothing() throws Exception {
        server.add(1, mail("a"));
        var halfway = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        server.trick = (line, mail) -> {
            line.say("* 1 FETCH (UID 1 BODY[] {100000}");
            line.write(mail.text().getBytes(StandardCharsets.ISO_8859_1));
            halfway.countDown();
            try {
                over.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return true;
        };
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null);
        fetcher.apply(Accounts.of(server.port()));
        fetcher.openInbound(inlet);
        assertThat(halfway.await(20, TimeUnit.SECONDS))
                .as("half of the message")
                .isTrue();
        long began = System.nanoTime();
        fetcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        over.countDown();
        assertThat(inlet.entries()).isEmpty();
        assertThat(inlet.open).hasValue(0);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("spooler-imap-ann");
    }

    @Test
    void a_server_that_can_tell_is_waited_for_and_a_flush_looks_at_once() throws Exception {
        server.capabilities = "IMAP4rev1 IDLE";
        server.add(1, mail("a"));
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null);
        fetcher.apply(Accounts.of(server.port(), "idle", "true"));
        fetcher.openInbound(inlet);
        assertThat(server.idling.await(20, TimeUnit.SECONDS))
                .as("the fetcher waits")
                .isTrue();
        assertThat(subjects()).containsExactly("a");
        server.add(2, mail("b"));
        fetcher.flushInbound().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(subjects()).containsExactly("a", "b");
        assertThat(server.commands("LOGIN")).as("one connection").hasSize(1);
    }

    @Test
    void what_a_server_tells_while_it_is_waited_for_comes_at_once() throws Exception {
        server.capabilities = "IMAP4rev1 IDLE";
        server.add(1, mail("a"));
        server.news = new ScriptedImap.Mail(2, mail("b"));
        CountDownLatch both = new CountDownLatch(2);
        inlet.committed = both::countDown;
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null);
        fetcher.apply(Accounts.of(server.port(), "idle", "true", "interval", "1d"));
        fetcher.openInbound(inlet);
        assertThat(both.await(20, TimeUnit.SECONDS)).as("both messages").isTrue();
        assertThat(subjects()).containsExactly("a", "b");
        assertThat(server.commands("LOGIN")).as("one connection").hasSize(1);
    }

    @Test
    void a_message_of_ten_thousand_parts_is_a_stream_like_any_other() throws Exception {
        StringBuilder text = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\nSubject: parts\r\n\r\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("--b\r\nContent-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\npart\r\n");
        }
        server.add(1, text.append("--b--\r\n").toString());
        begin();
        assertThat(inlet.texts()).containsExactly(server.mails.get(0).text());
        assertThat(inlet.most.get()).as("octets at a time").isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void the_sender_is_in_the_return_path_and_the_folder_in_the_settings() throws Exception {
        server.add(1, "Return-Path: <bob@example.org>\r\n" + mail("a"));
        server.add(2, "Return-Path: <>\r\n" + mail("b"));
        begin("into", "Fetched");
        List<Mailboxes.Entry> entries = inlet.entries();
        assertThat(entries).extracting(Mailboxes.Entry::folder).containsOnly("Fetched");
        assertThat(entries.get(0).sender()).isEqualTo(io.spooler.Address.smtp("bob@example.org"));
        assertThat(entries.get(1).sender()).isNull();
    }
}
