package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolException;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headers first; the rest is ordered (R58). */
class HeadersTest {

    private static final String DELETED = "\\Deleted";

    private final StoreInlet inlet = new StoreInlet();
    private final Bell bell = new Bell();
    private ScriptedImap server;
    private Fetcher fetcher;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedImap();
        for (int i = 1; i <= 4; i++) {
            server.add(i, "Subject: " + i + "\r\n\r\nText of " + i + "\r\n");
        }
        begin();
    }

    @AfterEach
    void end() throws IOException {
        fetcher.close();
        server.close();
    }

    private void begin() throws Exception {
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), inlet::mailboxes);
        fetcher.apply(Accounts.of(server.port(), "mode", "headers"));
        fetcher.openInbound(inlet);
        bell.next();
    }

    private void flush() throws Exception {
        fetcher.flushInbound();
        bell.next();
    }

    private void order(int number, String... marks) throws SpoolException {
        Entry header = inlet.entries().stream()
                .filter(entry -> entry.flags().contains("remote: imap-ann 1/" + number))
                .findFirst()
                .orElseThrow();
        Set<String> flags = new HashSet<>(header.flags());
        flags.removeAll(Set.of(Mailboxes.DOWNLOAD, DELETED));
        flags.addAll(List.of(marks));
        inlet.mailboxes().mark(header.id(), flags);
    }

    private static String header(int number) {
        return "Subject: " + number + "\r\n\r\n";
    }

    private static String whole(int number) {
        return header(number) + "Text of " + number + "\r\n";
    }

    @Test
    void headers_come_once_and_nothing_else_before_it_is_ordered() throws Exception {
        assertThat(inlet.texts()).containsExactly(header(1), header(2), header(3), header(4));
        flush();
        fetcher.close();
        begin();
        assertThat(inlet.texts()).hasSize(4);
        assertThat(server.commands("BODY.PEEK[])")).isEmpty();
        assertThat(server.mails).hasSize(4);
    }

    @Test
    void what_is_marked_is_downloaded_deleted_or_moved_at_the_next_flush() throws Exception {
        order(1, Mailboxes.DOWNLOAD);
        order(2, DELETED);
        order(3, Mailboxes.DOWNLOAD, DELETED);
        assertThat(inlet.texts()).as("not before the flush").hasSize(4);
        flush();
        assertThat(inlet.texts()).containsExactly(header(4), whole(1), whole(3));
        assertThat(server.mails).extracting(ScriptedImap.Mail::uid).containsExactly(1L, 4L);
        flush();
        fetcher.close();
        begin();
        assertThat(inlet.texts()).as("nothing comes again").containsExactly(header(4), whole(1), whole(3));
    }

    @Test
    void an_order_is_cancelled_by_taking_the_mark_away() throws Exception {
        order(1, Mailboxes.DOWNLOAD, DELETED);
        order(1);
        flush();
        assertThat(inlet.texts()).hasSize(4).contains(header(1));
        assertThat(server.mails).hasSize(4);
    }

    @Test
    void a_refresh_takes_headers_away_whose_message_is_gone_and_brings_new_ones() throws Exception {
        server.mails.remove(0);
        server.add(9, whole(9));
        fetcher.close();
        begin();
        assertThat(inlet.texts()).containsExactly(header(2), header(3), header(4), header(9));
    }

    @Test
    void one_that_the_server_does_not_give_keeps_its_order_and_does_not_keep_the_others_from_theirs() throws Exception {
        order(1, Mailboxes.DOWNLOAD);
        order(2, Mailboxes.DOWNLOAD, DELETED);
        server.trick = (line, mail) -> mail.uid() == 1;
        flush();
        assertThat(inlet.texts()).containsExactly(header(1), header(3), header(4), whole(2));
        assertThat(server.mails).extracting(ScriptedImap.Mail::uid).containsExactly(1L, 3L, 4L);
        assertThat(fetcher.status().text()).contains("1 are left there");
        server.trick = (line, mail) -> false;
        flush();
        assertThat(inlet.texts()).containsExactly(header(3), header(4), whole(2), whole(1));
    }

    @Test
    void headers_that_share_a_uid_come_not_and_no_order_goes_to_the_wrong_one() throws Exception {
        order(1, DELETED);
        server.add(1, whole(9));
        flush();
        assertThat(inlet.texts()).hasSize(4);
        assertThat(server.mails).hasSize(5);
        server.mails.remove(4);
        flush();
        assertThat(server.mails).extracting(ScriptedImap.Mail::uid).containsExactly(2L, 3L, 4L);
    }

    @Test
    void a_process_that_ends_behind_the_download_downloads_nothing_twice() throws Exception {
        order(1, Mailboxes.DOWNLOAD);
        inlet.committed = () -> {
            inlet.committed = () -> {};
            throw new IllegalStateException("the process ends here");
        };
        flush();
        assertThat(inlet.texts()).contains(header(1), whole(1));
        fetcher.close();
        begin();
        flush();
        assertThat(inlet.texts()).containsExactly(header(2), header(3), header(4), whole(1));
        assertThat(server.commands("UID FETCH 1 (UID BODY.PEEK[])")).hasSize(1);
    }
}
