package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Servers whose ids change, or do not tell messages apart: nothing comes twice, and nothing is lost. */
class ImapIdsTest extends ImapRig {

    @Test
    void when_uidvalidity_changes_the_same_messages_are_known_by_their_headers() throws Exception {
        server.add(1, mail("a"));
        server.add(2, mail("b"));
        server.add(3, mail("b"));
        begin();
        assertThat(subjects()).containsExactly("a", "b", "b");
        server.mails.clear();
        server.validity = 2;
        server.add(1, mail("c"));
        server.add(2, mail("b"));
        server.add(3, mail("b"));
        server.add(4, mail("b"));
        server.add(9, mail("a"));
        begin();
        assertThat(subjects())
                .as("a third copy of b is a message of its own, and number 1 is another one now")
                .containsExactly("a", "b", "b", "c", "b");
        begin();
        assertThat(subjects()).hasSize(5);
        assertThat(inlet.origins().of(Accounts.of(server.port()).source("imap-ann")))
                .as("former ids are forgotten")
                .allMatch(origin -> origin.id().startsWith("2/"))
                .hasSize(5);
    }

    @Test
    void messages_with_one_uid_stay_on_the_server_which_is_told_once_and_the_others_come() throws Exception {
        server.add(7, mail("a"));
        server.add(8, mail("b"));
        server.add(7, mail("c"));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream former = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            Bell.Rest rest = begin("after", "delete");
            assertThat(rest.delay()).isEqualTo(Duration.ofMinutes(1));
            rest.task().run();
            bell.next();
        } finally {
            System.setErr(former);
        }
        assertThat(subjects()).containsExactly("b");
        assertThat(server.mails).extracting(ScriptedImap.Mail::text).containsExactly(mail("a"), mail("c"));
        assertThat(server.commands("FETCH 7"))
                .as("nobody can say which would come")
                .isEmpty();
        assertThat(server.commands("STORE 7")).as("nor which would go").isEmpty();
        assertThat(fetcher.status().text()).contains("1 are left there, see the log");
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("1/7"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("imap-ann: 1/7 is left on the server: the server has several messages with this id");
    }

    @Test
    void a_message_comes_once_its_uid_is_its_own() throws Exception {
        server.add(7, mail("a"));
        server.add(7, mail("b"));
        Bell.Rest rest = begin("after", "delete");
        assertThat(subjects()).isEmpty();
        server.mails.remove(1);
        rest.task().run();
        bell.next();
        assertThat(subjects()).containsExactly("a");
        assertThat(server.mails).isEmpty();
        assertThat(fetcher.status().text()).doesNotContain("left there");
    }

    @Test
    void one_that_gets_the_uid_of_a_message_that_has_come_is_not_deleted_with_it() throws Exception {
        server.add(7, mail("a"));
        begin();
        server.add(7, mail("b"));
        begin("after", "delete");
        assertThat(subjects()).containsExactly("a");
        assertThat(server.mails).hasSize(2);
        assertThat(fetcher.status().text()).contains("1 are left there");
    }

    @Test
    void one_message_with_two_uids_comes_twice_and_not_again() throws Exception {
        server.add(7, mail("a"));
        server.add(8, mail("a"));
        Bell.Rest rest = begin();
        rest.task().run();
        bell.next();
        begin();
        assertThat(subjects()).as("nobody can know that it is one").containsExactly("a", "a");
        assertThat(server.commands("BODY.PEEK[]")).hasSize(2);
    }

    @Test
    void an_id_that_is_used_again_is_another_message_and_not_deleted_for_the_first() throws Exception {
        server.add(7, mail("a"));
        begin();
        server.mails.clear();
        server.add(7, mail("another"));
        begin("after", "delete");
        assertThat(subjects()).containsExactly("a", "another");
        assertThat(server.mails).isEmpty();
    }
}
