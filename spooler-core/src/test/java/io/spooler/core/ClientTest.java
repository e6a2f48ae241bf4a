package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SentCopy;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.Spooler.Cancellation;
import io.spooler.admin.SpoolAdmin;
import io.spooler.hook.AddressBook;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.transport.Outcome;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a client can do besides submitting: lists, undo in time, looking at what is queued, sending again. */
class ClientTest {

    private static final Address ANN = Address.smtp("ann@example.com");
    private static final String TEXT = "To: bob@example.org, cleo@example.org\r\nSubject: all\r\n\r\nhello\r\n";
    private static final ContentSource CONTENT = out -> out.write(TEXT.getBytes(StandardCharsets.UTF_8));

    private final FakeTransport smtp = new FakeTransport();
    private Bench bench = new Bench().withStore();

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(SpoolException.class)
                .isThrownBy(call)
                .extracting(SpoolException::reason)
                .isEqualTo(reason);
    }

    private List<String> recipients(SpoolId id) {
        return bench.status(id).recipients().stream()
                .map(r -> r.recipient().address().toString())
                .toList();
    }

    @Test
    void what_is_refused_leaves_nothing_and_can_be_submitted_again() throws Exception {
        Envelope nobody = Envelope.of(ANN, List.of())
                .with(Envelope.Options.DEFAULT
                        .withSent(SentCopy.in("ann", "Sent"))
                        .withIdempotencyKey("once"));
        refused(Reason.NO_RECIPIENTS, () -> bench.client.submit(nobody, CONTENT));
        assertThat(bench.store.status().messages()).isZero();
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
        assertThat(bench.told).hasOnlyElementsOfType(SpoolEvent.Status.class);

        Envelope better = new Envelope(ANN, List.of(Recipient.of(Address.smtp("bob@example.org"))), nobody.options());
        SpoolId id = bench.client.submit(better, CONTENT);
        assertThat(FakeTransport.read(bench.client.content(id))).isEqualTo(TEXT);
        assertThat(bench.told).hasAtLeastOneElementOfType(SpoolEvent.Queued.class);
    }

    private void book(Map<String, String> lists) {
        bench.book(
                list -> Optional.ofNullable(lists.get(list))
                        .map(members -> List.of(members.split(" ")).stream()
                                .map(Address::parse)
                                .toList()),
                "book",
                0);
    }

    @Test
    void lists_are_expanded_and_duplicates_removed_behind_that() throws Exception {
        Map<String, String> lists = new HashMap<>();
        lists.put("team", "bob@example.org LIST:others dora@example.org");
        lists.put("others", "cleo@example.org LIST:team bob@EXAMPLE.org");
        book(lists);
        SpoolId id = bench.send("cleo@example.org", "LIST:team");
        assertThat(recipients(id))
                .as("in order, each once, and lists that name each other end")
                .containsExactly("SMTP:cleo@example.org", "SMTP:bob@example.org", "SMTP:dora@example.org");

        Recipient quiet = new Recipient(Address.parse("LIST:others"), Set.of(Notify.NEVER), null, "smtp");
        SpoolId wishes = bench.submit(new Envelope(ANN, List.of(quiet), Envelope.Options.DEFAULT));
        assertThat(bench.status(wishes).recipients())
                .extracting(RecipientStatus::recipient)
                .allSatisfy(member -> {
                    assertThat(member.notifyOn()).containsExactly(Notify.NEVER);
                    assertThat(member.transport()).isEqualTo("smtp");
                });
    }

    @Test
    void a_list_that_is_unknown_or_endless_or_cannot_be_read_is_a_reason_to_refuse() throws Exception {
        refused(Reason.LISTS_AWAY, () -> bench.send("LIST:team"));
        bench.book(list -> Optional.of(List.of(new Address(Address.LIST, list + "x"))), "endless", 0);
        assertThatExceptionOfType(SpoolException.class)
                .isThrownBy(() -> bench.send("LIST:team"))
                .withMessageContaining("LIST:teamxxxxxxxxxx")
                .extracting(SpoolException::reason)
                .isEqualTo(Reason.BAD_LIST);
        AddressBook broken = list -> {
            throw new IllegalStateException("no disk");
        };
        Map<String, Object> away = bench.book(broken, "broken", 9);
        refused(Reason.LISTS_AWAY, () -> bench.send("LIST:team"));
        bench.registry.remove(away);
        bench.book(list -> list.equals("team") ? Optional.of(List.of(ANN)) : Optional.empty(), "first", 5);
        assertThat(recipients(bench.send("LIST:team"))).as("by ranking").containsExactly("SMTP:ann@example.com");

        bench = new Bench().withStore();
        book(Map.of("team", "bob@example.org"));
        assertThatExceptionOfType(SpoolException.class)
                .isThrownBy(() -> bench.send("bob@example.org", "LIST:crew"))
                .withMessageContaining("LIST:crew")
                .extracting(SpoolException::reason)
                .isEqualTo(Reason.BAD_LIST);
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void what_a_client_submits_can_be_cancelled_until_the_undo_window_has_passed() throws Exception {
        bench = new Bench(CoreSettings.read(Map.of("undo_window", "10s"))).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId cancelled = bench.send("bob@example.org");
        SpoolId sent = bench.send("bob@example.org");
        Instant late = bench.clock.instant().plusSeconds(60);
        SpoolId later = bench.submit(Envelope.of(ANN, List.of(Address.smtp("bob@example.org")))
                .with(Envelope.Options.DEFAULT.withNotBefore(late)));
        bench.submit(Envelope.of(null, List.of(Address.smtp("soon@example.org")))
                .with(Envelope.Options.DEFAULT.withNotBefore(
                        bench.clock.instant().plusSeconds(5))));
        bench.advance(Duration.ofSeconds(9));
        assertThat(smtp.taken).isEmpty();
        assertThat(bench.client.cancel(cancelled)).isEqualTo(Cancellation.CANCELLED);
        smtp.answer = address -> new Outcome.Failed(new Reply("5.1.1", "no"));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.states(sent)).containsExactly(FAILED);
        assertThat(smtp.recipients())
                .as("a report does not wait")
                .containsExactly("bob@example.org", "soon@example.org", "sender@example.com");
        assertThat(bench.states(later)).containsExactly(READY);
        bench.advance(Duration.ofSeconds(50));
        assertThat(bench.states(later)).containsExactly(FAILED);
        assertThat(bench.states(cancelled)).containsExactly(CANCELLED);
    }

    @Test
    void clients_may_look_at_what_is_queued_unless_it_is_worked_on() throws Exception {
        SpoolId waiting = bench.submit(Envelope.of(ANN, List.of(Address.smtp("bob@example.org"))));
        Content content = bench.client.content(waiting);
        assertThat(FakeTransport.read(content)).isEqualTo("Subject: test\r\n\r\nhello\r\n");
        assertThat(bench.states(waiting)).as("looking changes nothing").containsExactly(WAITING);

        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        refused(Reason.IN_PROGRESS, () -> bench.client.content(waiting));
        smtp.open.get(0).complete(smtp.outcomes(smtp.taken.get(0)));
        assertThat(bench.states(waiting)).containsExactly(RELAYED);
        refused(Reason.NOT_FOUND, () -> bench.client.content(waiting));
        refused(Reason.NOT_FOUND, () -> bench.client.content(waiting.sentCopy()));
    }

    @Test
    void the_doors_of_clients_lead_to_no_claim_and_no_settlement() {
        Set<String> reached = new TreeSet<>();
        for (Class<?> door : List.of(Spooler.class, Mailboxes.class, SpoolAdmin.class)) {
            reach(door, reached);
        }
        assertThat(reached)
                .as("the walk gets somewhere")
                .contains("io.spooler.MessageStatus", "io.spooler.Draft", "io.spooler.store.StoreStatus");
        assertThat(reached)
                .doesNotContain(
                        MessageStore.class.getName(),
                        Claim.class.getName(),
                        Settlement.class.getName(),
                        Folders.class.getName());
        assertThat(Content.class.getMethods())
                .as("content can be read, and nothing else")
                .extracting(Method::getName)
                .containsOnly("size", "read", "open");
    }

    /** All types of ours that the public methods of a type take or give, and theirs. */
    private static void reach(Type type, Set<String> reached) {
        if (type instanceof ParameterizedType p) {
            reach(p.getRawType(), reached);
            List.of(p.getActualTypeArguments()).forEach(t -> reach(t, reached));
        } else if (type instanceof WildcardType w) {
            List.of(w.getUpperBounds()).forEach(t -> reach(t, reached));
        } else if (type instanceof GenericArrayType a) {
            reach(a.getGenericComponentType(), reached);
        } else if (type instanceof Class<?> c && c.getName().startsWith("io.spooler.") && reached.add(c.getName())) {
            for (Method method : c.getMethods()) {
                reach(method.getGenericReturnType(), reached);
                List.of(method.getGenericParameterTypes()).forEach(t -> reach(t, reached));
            }
        }
    }

    private SpoolId sendToBobAndCleo(Envelope.Options options) throws SpoolException {
        smtp.answer = address -> address.localPart().equals("bob")
                ? new Outcome.Failed(new Reply("5.2.2", "full"))
                : new Outcome.Relayed(FakeTransport.OK);
        bench.transport(smtp, "smtp", 0, "SMTP");
        List<Address> both = List.of(Address.smtp("bob@example.org"), Address.smtp("cleo@example.org"));
        SpoolId id = bench.client.submit(Envelope.of(null, both).with(options), CONTENT);
        assertThat(bench.states(id)).containsExactly(FAILED, RELAYED);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        return id;
    }

    @Test
    void what_is_sent_again_goes_to_those_who_did_not_get_it_and_shows_all() throws Exception {
        Envelope.Options options = Envelope.Options.DEFAULT
                .withSent(SentCopy.in("ann", "Sent"))
                .withIdempotencyKey("first")
                .withExpires(bench.clock.instant().plusSeconds(60));
        SpoolId first = sendToBobAndCleo(options);
        bench.advance(Duration.ofHours(1));
        SpoolId second = bench.client.resend(first);
        assertThat(second).isNotEqualTo(first);
        assertThat(recipients(second)).containsExactly("SMTP:bob@example.org");
        assertThat(bench.states(second))
                .as("an expiry that has passed does not count")
                .containsExactly(RELAYED);
        assertThat(smtp.contents).hasSize(2).containsOnly(TEXT);
        assertThat(bench.client.resend(first.sentCopy()))
                .as("by the id of the copy, too")
                .isNotEqualTo(second);
        refused(Reason.NO_RECIPIENTS, () -> bench.client.resend(second));
        refused(Reason.NOT_FOUND, () -> bench.client.resend(SpoolId.parse("01KJMMA2G0ZZZZZZZZZZZZZZZZ")));
    }

    @Test
    void what_is_still_queued_can_be_sent_again_to_those_for_whom_it_has_failed() throws Exception {
        smtp.answer = address -> new Outcome.Failed(new Reply("5.2.2", "full"));
        bench.transport(smtp, "smtp", 0, "SMTP:bob@example.org");
        List<Address> both = List.of(Address.smtp("bob@example.org"), Address.smtp("cleo@example.org"));
        SpoolId first = bench.client.submit(Envelope.of(null, both), CONTENT);
        assertThat(bench.states(first)).containsExactly(FAILED, WAITING);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        SpoolId second = bench.client.resend(first);
        assertThat(recipients(second)).containsExactly("SMTP:bob@example.org");
        assertThat(bench.states(first)).containsExactly(FAILED, WAITING);
        assertThat(smtp.contents.get(1)).isEqualTo(TEXT);
    }

    @Test
    void what_was_not_kept_cannot_be_sent_again_and_says_how_to_keep_it() throws Exception {
        SpoolId first = sendToBobAndCleo(Envelope.Options.DEFAULT);
        assertThatExceptionOfType(SpoolException.class)
                .isThrownBy(() -> bench.client.resend(first))
                .withMessageContaining("name a folder for the sender's copy")
                .extracting(SpoolException::reason)
                .isEqualTo(Reason.CONTENT_GONE);
    }

    @Test
    void no_sender_stays_the_null_reverse_path() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.submit(Envelope.of(null, List.of(Address.smtp("bob@example.org"))));
        assertThat(bench.status(id).sender()).isNull();
        assertThat(smtp.taken.get(0).sender()).isNull();
    }
}
