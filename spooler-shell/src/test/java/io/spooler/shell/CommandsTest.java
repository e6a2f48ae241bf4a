package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spooler.Address;
import io.spooler.MessageStatus;
import io.spooler.Recipient.Alternative;
import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SentCopy;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin;
import io.spooler.shell.control.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command as people and scripts type it, through the real Gogo. */
class CommandsTest {

    private final Fakes fakes = new Fakes();
    private final Gogo gogo = new Gogo().with(fakes);
    private MessageStatus first;
    private MessageStatus second;

    @BeforeEach
    void fill() {
        first = fakes.queued(
                Address.smtp("bob@example.org"),
                Fakes.recipient("ann@example.org", RecipientState.DEFERRED, new Reply("4.4.1", "no answer")),
                Fakes.recipient("LOCAL:ann", RecipientState.DELIVERED, new Reply("2.0.0", "filed")));
        second = fakes.queued(null, Fakes.recipient("MQTT:plant/7", RecipientState.WAITING, null));
    }

    @AfterEach
    void stop() {
        gogo.close();
    }

    private String run(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    private String fail(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.status()).as(result.out()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: ");
        return result.err();
    }

    @Test
    void queueListsMessages() {
        List<String> lines = run("spooler:queue").lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("ID  ").contains("STATES");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .startsWith(first.id() + "  2026-03-04T12:00:00Z  1234  SMTP:bob@example.org")
                        .contains("SMTP:ann@example.org +1  DEFERRED, DELIVERED  2026-03-04T12:01:00Z"));
        assertThat(lines.get(0).indexOf("SIZE"))
                .as("aligned")
                .isEqualTo(lines.get(1).indexOf("1234"));
    }

    @Test
    void queueCounts() {
        assertThat(run("spooler:queue --count")).as("of the stores' own count").isEqualTo("3\n");
        assertThat(run("queue --count --state waiting")).isEqualTo("1\n");
        assertThat(run("queue --state CANCELLED")).isEqualTo("No messages.\n");
    }

    @Test
    void queueTakesAFilter() {
        assertThat(run("queue state:waiting"))
                .contains(second.id().toString())
                .doesNotContain(first.id().toString());
        assertThat(run("queue -state:waiting"))
                .contains(first.id().toString())
                .doesNotContain(second.id().toString());
        assertThat(run("queue --count 'age>2h' state:WAITING")).isEqualTo("1\n");
        assertThat(run("queue all --count")).as("of the stores' own count").isEqualTo("3\n");
        assertThat(run("queue " + first.id())).contains(first.id().toString());
        assertThat(fail("queue bogus:x")).contains("bogus:x: not a term; allowed are from: to:");
        assertThat(fail("queue 'age>2'")).contains("age takes > or <");
        assertThat(fail("queue bogus")).contains("not a spool id").contains("a filter looks like");
    }

    @Test
    void queueIsBounded() {
        assertThat(run("queue --limit 1").lines().toList())
                .hasSize(3)
                .last()
                .asString()
                .startsWith("There may be more");
        assertThat(fail("queue --limit 0")).contains("--limit must be 1 or more");
        assertThat(fail("queue --state LOST")).contains("--state must be one of [READY, OFFERED, ");
    }

    @Test
    void showPrintsEveryRecipient() {
        String shown = run("spooler:show " + first.id());
        assertThat(shown)
                .contains("SMTP:ann@example.org  DEFERRED   2         2026-03-04T12:01:00Z  smtp       4.4.1 no answer")
                .contains("LOCAL:ann             DELIVERED  2         -                     smtp       2.0.0 filed");
        assertThat(run("show " + second.id())).contains("WAITING").contains("sender     <>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "why", "cat", "hold", "release", "retry", "cancel", "expire", "reroute --clear"})
    void unknownIdsFail(String command) {
        SpoolId unknown = fakes.newId();
        assertThat(fail(command + " " + unknown)).isEqualTo("error: no message has the id " + unknown + "\n");
        assertThat(fail(command + " 123")).contains("not a spool id");
    }

    @Test
    void showWritesJsonWithStableNames() throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(run("show --json " + first.id()));
        assertThat(json.keySet()).containsExactly("id", "sender", "submitted", "size", "complete", "recipients");
        assertThat(json).containsEntry("sender", "SMTP:bob@example.org").containsEntry("complete", false);
        List<?> recipients = (List<?>) json.get("recipients");
        assertThat(recipients.get(0).toString())
                .isEqualTo("{address=SMTP:ann@example.org, state=DEFERRED, attempts=2, due=2026-03-04T12:01:00.123Z,"
                        + " changed=2026-03-04T12:00:00.123Z, transport=smtp, status=4.4.1, text=no answer}");
        assertThat(JSON.std.mapFrom(run("show " + second.id() + " --json"))).containsEntry("sender", null);
        assertThat(JSON.std.listFrom(run("queue --json"))).hasSize(2);
    }

    @Test
    void whyExplains() {
        assertThat(run("why " + second.id())).contains("MQTT:plant/7  no transport; waits");
    }

    @Test
    void routeTellsTheHops() {
        assertThat(run("route ann@example.org"))
                .isEqualTo("No transport carries SMTP:ann@example.org at present; it would be WAITING for one.\n");
        fakes.hops = List.of(
                new SpoolAdmin.Hop("smtp", true, "pattern SMTP:*", "example.org", "rests until noon"),
                new SpoolAdmin.Hop("local", false, "carries only LOCAL:*", "", ""));
        assertThat(run("route ann@example.org"))
                .contains("smtp       pattern SMTP:*  example.org  rests until noon")
                .contains("local      carries only LOCAL:*  -");
        run("route --size 1000 --via smtp ann@example.org");
        assertThat(fakes.calls).last().isEqualTo("route SMTP:ann@example.org smtp 1000");
        fakes.hops = List.of();
        assertThat(run("route --size 1000 ann@example.org"))
                .isEqualTo("No transport carries SMTP:ann@example.org with 1000 octets at present.\n");
        assertThat(fail("route nobody")).contains("TYPE:value or local-part@domain");
    }

    @Test
    void statusShowsTheWhole() throws Exception {
        assertThat(run("status"))
                .contains("file   AVAILABLE  3         4 WAITING   data/spool")
                .contains("loopback   AVAILABLE  1          0        LOCAL  SMTP:*@spooler.local  OUTBOUND,FLUSH  ")
                .contains("aliases  out        100")
                .contains("Recipients in work: 2")
                .contains("SMTP         4");
        assertThat(JSON.std.mapFrom(run("status --json")))
                .containsOnlyKeys("spooler", "stores", "transports", "hooks", "active", "waiting", "suspended")
                .containsEntry("waiting", Map.of("SMTP", 4));
        assertThat(run("stores")).startsWith("STORE");
        assertThat(run("transports")).startsWith("TRANSPORT");
        assertThat(run("hooks")).startsWith("HOOK");
    }

    @Test
    void sendComposesAMessage() {
        String id =
                run("send ann@spooler.local Hello there, is '100% [ok]' * so?").strip();
        assertThat(SpoolId.parse(id)).isNotNull();
        assertThat(fakes.submitted).hasSize(1);
        assertThat(fakes.submitted.get(0).sender().value()).startsWith("unknown@");
        assertThat(fakes.submitted.get(0).options().sent()).isNull();
        assertThat(fakes.submitted.get(0).recipients().get(0).address()).isEqualTo(Address.smtp("ann@spooler.local"));
        assertThat(fakes.content)
                .startsWith("From: spooler shell <")
                .contains("\r\nTo: <ann@spooler.local>\r\nSubject: Hello there, is 100% [ok] * so?\r\nDate: ")
                .endsWith("\r\n\r\nHello there, is 100% [ok] * so?\r\n");
        assertThat(fail("send nobody hello")).contains("address must be TYPE:value");
    }

    @Test
    void sendNamesAlternatives() {
        run("send --or 'SMS:+351, FAX:1' --after 10m ann@example.org Hello");
        run("send --or SMS:+351 ann@example.org Hello");
        assertThat(fakes.submitted)
                .extracting(envelope -> envelope.recipients().get(0).alternatives())
                .containsExactly(
                        List.of(
                                new Alternative(new Address("SMS", "+351"), Duration.ofMinutes(10)),
                                new Alternative(new Address("FAX", "1"), Duration.ofMinutes(20))),
                        List.of(new Alternative(new Address("SMS", "+351"), null)));
        assertThat(fail("send --or SMS:1 --after soon ann@example.org Hello"))
                .contains("after=soon is not allowed; allowed is a number and ms, s, m, h or d");
        assertThat(fail("send --or SMS ann@example.org Hello")).contains("address must be TYPE:value");
    }

    @Test
    void sendKnowsWhoSendsAndWhereToKeepACopy() {
        run("SENDER='Ann Lee <ann@example.org>'; send --keep ann/Sent 'Bob [FAX:+351 21]' Hello");
        assertThat(fakes.submitted).singleElement().satisfies(envelope -> {
            assertThat(envelope.sender()).isEqualTo(Address.smtp("ann@example.org"));
            assertThat(envelope.recipients().get(0).address()).isEqualTo(new Address("FAX", "+351 21"));
            assertThat(envelope.options().sent()).isEqualTo(SentCopy.in("ann", "Sent"));
        });
        assertThat(fail("SENDER=nobody; send ann@example.org Hello")).contains("address must be TYPE:value");
        assertThat(fail("send --keep ann bob@example.org Hello")).contains("--keep must be MAILBOX/FOLDER");
    }

    @Test
    void resendPrintsTheNewId() {
        assertThat(SpoolId.parse(run("resend " + first.id()).strip())).isNotEqualTo(first.id());
        assertThat(fakes.calls).containsExactly("resend " + first.id());
        assertThat(fail("resend " + fakes.newId())).contains("not kept; name a folder");
    }

    @Test
    void inboxLists() throws Exception {
        SpoolId id = fakes.filed("ann", null, "From: x\r\nSubject: Hello\r\n you\r\n\r\nSubject: body\r\n");
        fakes.filed("ann", Address.smtp("b@c"), "no header");
        assertThat(run("inbox Ann")).contains(id + "  <>        2026-03-04T12:00:00Z  48    -      Hello you");
        assertThat(run("inbox ann --count")).isEqualTo("2\n");
        assertThat(JSON.std.listFrom(run("inbox --json ann"))).hasSize(2);
        assertThat(run("inbox bob")).isEqualTo("No messages.\n");
        assertThat(run("inbox --folder Sent ann")).isEqualTo("No messages.\n");
        assertThat(run("inbox --count bob")).isEqualTo("0\n");
    }

    @Test
    void inboxListsAllOfALargeMailbox() {
        for (int i = 0; i < 2500; i++) {
            fakes.filed("ann", null, "Subject: " + i + "\r\n\r\n");
        }
        assertThat(run("inbox ann").lines()).hasSize(2501);
    }

    @Test
    void catIsHarmless() {
        SpoolId id = fakes.filed("ann", null, "Subject: \u001b]0;evil\u0007\r\n\r\n\u009b2J \u202Eabc\tö \u007F ✓\r\n");
        assertThat(run("cat " + id)).isEqualTo("Subject: ^[]0;evil^G\r\n\r\n\uFFFD2J \uFFFDabc\tö ^? ✓\r\n");
    }

    @Test
    void untrustedTextIsHarmlessInTablesAndJson() {
        MessageStatus evil = fakes.queued(
                Address.smtp("x\u202Ey@example.org"),
                Fakes.recipient("a@b", RecipientState.FAILED, new Reply("5.0.0", "\u001b[2J")));
        assertThat(run("show " + evil.id())).doesNotContain("\u001b", "\u202E");
        assertThat(run("queue")).doesNotContain("\u202E");
        assertThat(run("queue --json")).doesNotContain("\u202E").contains("\\u202E");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "show", "queue --bogus", "nonsense", "spooler:nonsense", "inbox"})
    void wrongUseFails(String command) {
        assertThat(fail(command)).hasSizeGreaterThan("error: \n".length());
    }
}
