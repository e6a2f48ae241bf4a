package io.spooler.core;

import static io.spooler.RecipientState.DELIVERED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.RecipientStatus;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.PreProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.transport.TransportStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store and its own transport serve by themselves whom they can; the spooler gets the rest (R1, R2, R56). */
class CoupledTest {

    private final Bench bench = new Bench();
    private final LocalTransport local = new LocalTransport();
    private final FakeTransport smtp = new FakeTransport();
    private final List<SpoolId> claimed = new ArrayList<>();
    private final List<String> prepared = new ArrayList<>();

    /** The store of the bench; what is claimed is counted. */
    private CoupledStore counted() {
        return (CoupledStore) Proxy.newProxyInstance(
                CoupledStore.class.getClassLoader(),
                new Class<?>[] {CoupledStore.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(bench.store, arguments);
                    if (result instanceof List<?> list && method.getName().equals("claim")) {
                        list.forEach(
                                claim -> claimed.add(((Claim) claim).message().id()));
                    }
                    return result;
                });
    }

    private void pair() {
        bench.store.transport("own");
        bench.withStore(counted());
        bench.transport(local, "own", 0, "LOCAL", "SMTP:*@spooler.local");
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private List<String> mail(String mailbox) {
        return bench.mailboxes.list(mailbox, Mailboxes.INBOX, -1, 10).stream()
                .map(entry ->
                        FakeTransport.read(bench.mailboxes.content(entry.id()).orElseThrow()))
                .toList();
    }

    private static Recipient wanting(String address, Notify... wishes) {
        return new Recipient(Address.parse(address), Set.of(wishes), null, null);
    }

    private SpoolId send(Envelope.Options options, Recipient... recipients) throws Exception {
        return bench.submit(new Envelope(Address.parse("LOCAL:sender"), List.of(recipients), options));
    }

    private PreProcessor preparing() {
        return message -> {
            prepared.add(message.recipients().get(0).address().value());
            return Decision.CONTINUE;
        };
    }

    @Test
    void what_the_pair_serves_whole_never_reaches_the_spooler() throws Exception {
        pair();
        SpoolId id = bench.send("LOCAL:ann", "ann@spooler.local", "LOCAL:bob");

        assertThat(bench.status(id).complete()).isTrue();
        assertThat(bench.states(id)).containsExactly(DELIVERED, DELIVERED, DELIVERED);
        assertThat(bench.first(id).transport()).isEqualTo("own");
        assertThat(mail("ann")).as("one mailbox, one copy").containsExactly("Subject: test\r\n\r\nhello\r\n");
        assertThat(mail("bob")).hasSize(1);
        assertThat(local.carried).isEmpty();
        assertThat(claimed).isEmpty();
        bench.advance(Duration.ofHours(1));
        assertThat(claimed).as("nor later").isEmpty();
    }

    /** First condition of the seed. */
    @Test
    void a_store_that_is_not_coupled_hands_over_everything() throws Exception {
        pair();
        bench.store.transport("");
        SpoolId id = bench.send("LOCAL:ann");
        assertThat(bench.states(id)).containsExactly(DELIVERED);
        assertThat(local.carried).containsExactly("ann");
        assertThat(claimed).containsExactly(id);
        bench.store.transport("another");
        SpoolId other = bench.send("LOCAL:bob");
        assertThat(claimed)
                .as("nor does one whose own transport is not present")
                .containsExactly(id, other);
    }

    /** Second condition of the seed. */
    @Test
    void what_needs_preprocessing_goes_through_the_spooler() throws Exception {
        pair();
        bench.registry.putPreProcessor(
                preparing(), Map.of("service.id", 99L, HookProperties.NAME, "hook", HookProperties.TYPES, "SMTP"));
        SpoolId other = bench.send("LOCAL:ann");
        assertThat(prepared).as("it looks at another type").isEmpty();
        assertThat(claimed).doesNotContain(other);
        SpoolId id = bench.send("bob@spooler.local", "LOCAL:ann");
        assertThat(prepared).containsExactly("bob@spooler.local");
        assertThat(claimed).contains(id);
        assertThat(local.carried).containsExactly("bob@spooler.local", "ann");
        assertThat(mail("ann")).hasSize(2);
    }

    /** Third condition of the seed. */
    @Test
    void only_those_whom_the_pair_cannot_serve_are_handed_over() throws Exception {
        pair();
        smtp.manual = true;
        SpoolId id = bench.send("bob@example.org", "LOCAL:ann", "LOCAL:strange");
        assertThat(mail("ann")).as("at once").hasSize(1);
        assertThat(bench.status(id).recipients().get(1).state()).isEqualTo(DELIVERED);
        assertThat(bench.status(id).complete()).isFalse();
        assertThat(local.carried).containsExactly("strange");
        smtp.open.get(0).complete(smtp.outcomes(smtp.taken.get(0)));

        assertThat(smtp.recipients()).containsExactly("bob@example.org");
        assertThat(smtp.contents).containsExactly("Subject: test\r\n\r\nhello\r\n");
        assertThat(bench.states(id)).containsExactly(RELAYED, DELIVERED, DELIVERED);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(mail("ann")).hasSize(1);
    }

    @Test
    void a_hook_that_comes_later_does_not_prepare_what_is_half_served() throws Exception {
        pair();
        SpoolId id = bench.send("FAX:1", "LOCAL:ann");
        bench.hook(preparing(), "late", 0);
        bench.transport(new FakeTransport(), "fax", 0, "FAX");
        assertThat(bench.states(id)).containsExactly(RELAYED, DELIVERED);
        assertThat(prepared).isEmpty();
    }

    /** R2: the message comes to the spooler for its report, and to no transport. */
    @Test
    void a_report_of_success_is_made_when_the_message_is_completed() throws Exception {
        pair();
        SpoolId id = send(Envelope.Options.DEFAULT, wanting("LOCAL:ann", Notify.SUCCESS), wanting("LOCAL:bob"));
        assertThat(claimed).containsExactly(id);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(local.carried).isEmpty();
        assertThat(mail("sender"))
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains("Final-Recipient: LOCAL; ann", "Action: delivered", "2.0.0", "Subject: test")
                        .doesNotContain("bob"));
        assertThat(mail("ann")).hasSize(1);
        assertThat(bench.told.stream()
                        .filter(SpoolEvent.Completed.class::isInstance)
                        .filter(e -> e.id().equals(id)))
                .hasSize(1);
    }

    @Test
    void who_wants_a_report_is_not_served_while_others_remain() throws Exception {
        pair();
        SpoolId id = send(
                Envelope.Options.DEFAULT,
                wanting("LOCAL:ann", Notify.SUCCESS),
                wanting("LOCAL:bob"),
                wanting("eve@example.org"));
        assertThat(local.carried).containsExactly("ann");
        assertThat(bench.states(id)).containsExactly(DELIVERED, DELIVERED, RELAYED);
        assertThat(mail("sender")).hasSize(1);
        assertThat(mail("bob")).hasSize(1);
    }

    /** Types, states, replies, in order; ids are numbered as they come. */
    private static List<String> story(List<SpoolEvent> events) {
        List<SpoolId> ids = new ArrayList<>();
        List<String> story = new ArrayList<>();
        for (SpoolEvent event : events) {
            if (event instanceof SpoolEvent.Status) {
                continue; // Of the transports, not of a message.
            }
            if (!ids.contains(event.id())) {
                ids.add(event.id());
            }
            String text = event.getClass().getSimpleName() + " " + ids.indexOf(event.id());
            if (event instanceof SpoolEvent.Changed changed) {
                text += entry(changed.recipient());
            } else if (event instanceof SpoolEvent.Completed completed) {
                text += completed.status().recipients().stream()
                        .map(CoupledTest::entry)
                        .toList();
            } else if (event instanceof SpoolEvent.Arrived arrived) {
                text += " " + arrived.entry().mailbox() + " " + arrived.entry().folder() + " "
                        + arrived.entry().messageClass() + " " + arrived.entry().sender() + " "
                        + arrived.entry().size() + arrived.entry().flags();
            }
            story.add(text);
        }
        return story;
    }

    private static String entry(RecipientStatus r) {
        String reply = r.reply() == null ? "" : r.reply().text().replaceAll(" as .*", "");
        return " " + r.recipient() + r.state() + r.attempts() + r.due() + r.transport() + reply;
    }

    @Test
    void clients_see_no_difference() throws Exception {
        pair();
        SpoolId first = bench.send("LOCAL:ann");
        List<String> coupled = story(bench.told);
        bench.told.clear();
        bench.store.transport("");
        SpoolId second = bench.send("LOCAL:ann");
        assertThat(local.carried).as("the ordinary way").hasSize(1);
        assertThat(coupled).isEqualTo(story(bench.told)).hasSize(4);
        assertThat(bench.first(first).reply().text())
                .contains(bench.mailboxes
                        .list("ann", Mailboxes.INBOX, -1, 1)
                        .get(0)
                        .id()
                        .toString());
        assertThat(entry(bench.first(first))).isEqualTo(entry(bench.first(second)));
    }

    @Test
    void an_arrival_is_told_behind_its_filing_and_once() throws Exception {
        pair();
        List<Boolean> there = new ArrayList<>();
        bench.events.add(event -> {
            if (event instanceof SpoolEvent.Arrived arrived) {
                there.add(bench.mailboxes.entry(arrived.entry().id()).isPresent());
            }
        });
        Envelope.Options options = Envelope.Options.DEFAULT.withIdempotencyKey("once");
        SpoolId id = send(options, wanting("LOCAL:ann"), wanting("LOCAL:bob"));
        assertThat(send(options, wanting("LOCAL:ann"), wanting("LOCAL:bob"))).isEqualTo(id);
        assertThat(there).containsExactly(true, true);
        assertThat(bench.arrived()).extracting(e -> e.entry().mailbox()).containsExactly("ann", "bob");
    }

    @Test
    void who_awaits_is_told() throws Exception {
        pair();
        SpoolId id = bench.send("LOCAL:ann");
        CompletionStage<?> later = bench.client.await(id);
        assertThat(later.toCompletableFuture()).isCompleted();
    }

    /** R56: what a hook is to see on its way in goes the way on which it sees it. */
    @Test
    void arrivals_pass_the_postprocessors() throws Exception {
        pair();
        bench.hook(
                message -> new Verdict(
                        new Folders.Filing(message.target().mailbox(), "Sorted", "IPM.Note", null, Set.of()),
                        false,
                        false),
                "sorter");
        SpoolId id = bench.send("LOCAL:ann");
        assertThat(bench.states(id)).containsExactly(DELIVERED);
        assertThat(bench.arrived())
                .singleElement()
                .satisfies(e -> assertThat(e.entry().folder()).isEqualTo("Sorted"));
        assertThat(mail("ann")).isEmpty();
    }

    @Test
    void a_transport_that_is_away_is_waited_for() throws Exception {
        bench.store.transport("own");
        bench.withStore();
        SpoolId id = bench.send("LOCAL:ann");
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(mail("ann")).isEmpty();
        Map<String, Object> own = bench.transport(local, "own", 0, "LOCAL");
        assertThat(bench.states(id)).containsExactly(DELIVERED);
        assertThat(local.carried).containsExactly("ann");
        bench.send("LOCAL:bob");
        assertThat(local.carried).as("from now on at once").hasSize(1);
        bench.registry.remove(own);
        assertThat(bench.states(bench.send("LOCAL:eve"))).containsExactly(WAITING);
        assertThat(mail("eve")).isEmpty();
    }

    @Test
    void a_transport_that_is_not_well_or_suspended_has_nobody_served_in_its_place() throws Exception {
        pair();
        local.status = new TransportStatus(TransportStatus.Condition.FAILED, "put it right");
        bench.advance(Duration.ofSeconds(2)); // The spooler looks again at last behind a second.
        SpoolId failed = bench.send("LOCAL:ann");
        assertThat(mail("ann")).isEmpty();
        assertThat(bench.status(failed).complete()).isFalse();
        local.status = new TransportStatus(TransportStatus.Condition.AVAILABLE, "well");
        bench.core.delivery().suspend(new Target("own", null));
        SpoolId suspended = bench.send("LOCAL:bob");
        assertThat(mail("bob")).isEmpty();
        assertThat(bench.status(suspended).complete()).isFalse();
        bench.core.delivery().resume(new Target("own", null));
        assertThat(bench.status(bench.send("LOCAL:eve")).complete()).isTrue();
        assertThat(local.carried).doesNotContain("eve");
    }

    @Test
    void the_route_decides() throws Exception {
        pair();
        FakeTransport ahead = new FakeTransport();
        bench.transport(ahead, "ahead", 0, "LOCAL:boss*");
        SpoolId id = bench.send("LOCAL:boss");
        assertThat(ahead.recipients()).as("a pattern before a type").containsExactly("boss");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        send(Envelope.Options.DEFAULT, wanting("ann@spooler.local").withTransport("smtp"));
        assertThat(smtp.recipients()).as("an explicit transport").containsExactly("ann@spooler.local");
        send(Envelope.Options.DEFAULT, wanting("LOCAL:boss").withTransport("own"));
        assertThat(local.carried).isEmpty();
        assertThat(mail("boss")).hasSize(1);
    }

    @Test
    void a_transport_that_looks_at_sizes_sees_every_message() throws Exception {
        bench.store.transport("own");
        bench.withStore();
        bench.transport(local, "own", 0, 1_000_000L, "LOCAL");
        bench.send("LOCAL:ann");
        assertThat(local.carried).containsExactly("ann");
    }

    @Test
    void nobody_is_served_before_or_after_his_time() throws Exception {
        pair();
        Envelope.Options later =
                Envelope.Options.DEFAULT.withNotBefore(bench.clock.instant().plusSeconds(60));
        SpoolId id = send(later, wanting("LOCAL:ann"));
        assertThat(bench.states(id)).containsExactly(READY);
        assertThat(mail("ann")).isEmpty();
        bench.advance(Duration.ofSeconds(61));
        assertThat(mail("ann")).hasSize(1);
        Envelope.Options past = Envelope.Options.DEFAULT.withExpires(bench.clock.instant());
        assertThat(bench.states(send(past, wanting("LOCAL:bob")))).containsExactly(EXPIRED);
        assertThat(mail("bob")).isEmpty();
    }

    @Test
    void too_many_copies_are_not_made_at_once() throws Exception {
        pair();
        String[] many = new String[101];
        Arrays.setAll(many, i -> "LOCAL:user" + i);
        SpoolId id = bench.send(many);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(local.carried).hasSize(101);
    }

    @Test
    void nobody_is_served_before_routing_has_begun() throws Exception {
        Map<String, String> settings = Map.of("transports", "smtp", "start_wait", "30s");
        Bench early = new Bench(CoreSettings.read(settings));
        early.store.transport("own");
        early.withStore();
        early.transport(local, "own", 0, "LOCAL");
        SpoolId id = early.send("LOCAL:ann");
        assertThat(early.states(id)).containsExactly(READY);
        assertThat(early.arrived()).isEmpty();
        early.transport(smtp, "smtp", 0, "SMTP");
        assertThat(early.states(id)).containsExactly(DELIVERED);
    }
}
