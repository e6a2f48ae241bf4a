package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Mailboxes;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.hook.HookProperties;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.transport.Inlet;
import io.spooler.transport.TransportProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transport that fetches, or tries again, is promised: one message of an origin or of an id, however it ends. */
class OriginsTest {

    private static final SpoolId ID = new SpoolId(1, 2);
    private static final Origin ORIGIN = new Origin("imap-ann", "1/7", "print");

    private final Bench bench = new Bench(ReceptionTest.settings()).withStore();
    private final FakeTransport imap = new FakeTransport();

    @BeforeEach
    void open() {
        bench.transport(imap, "imap-ann", 0, "SMTP");
    }

    private CompletableFuture<Optional<Mailboxes.Entry>> arrive() throws Exception {
        Inlet.Reception reception = imap.inlet.receive(
                new Inlet.Arrival("imap-ann", "ann", null, "", "Fetched", Set.of("\\Seen"), ORIGIN, null));
        reception.write(ByteBuffer.wrap("Subject: in\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        return reception.commit().toCompletableFuture();
    }

    private static void assertKnown(CompletableFuture<?> commit) {
        assertThat(commit).as("a refusal").isCompletedExceptionally();
        assertThatThrownBy(commit::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KNOWN));
    }

    @Test
    void one_message_of_an_origin_is_filed_and_told() throws Exception {
        assertThat(imap.inlet.origins().of("imap-ann")).isEmpty();
        Mailboxes.Entry entry = ReceptionTest.now(arrive()).orElseThrow();
        assertThat(entry.folder()).isEqualTo("Fetched");
        assertThat(entry.flags()).containsExactly("\\Seen");
        assertThat(imap.inlet.origins().of("imap-ann")).containsExactly(ORIGIN);
        assertKnown(arrive());
        assertThat(bench.arrived()).hasSize(1);
        imap.inlet.origins().forget("imap-ann", List.of("1/7"));
        assertThat(ReceptionTest.now(arrive())).isPresent();
    }

    @Test
    void what_a_postprocessor_removes_is_remembered_too() throws Exception {
        PostProcessor shredder = message -> new Verdict(null, true, false);
        bench.registry.putPostProcessor(shredder, Map.of("service.id", 1000L, HookProperties.NAME, "shredder"));
        assertThat(ReceptionTest.now(arrive())).isEmpty();
        assertThat(imap.inlet.origins().of("imap-ann")).containsExactly(ORIGIN);
    }

    private Inlet.Reception named() throws Exception {
        Inlet.Reception reception = imap.inlet.receive(new Inlet.Arrival("imap-ann", "ann", null, "").under(ID));
        reception.write(ByteBuffer.wrap("Subject: in\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        return reception;
    }

    private void assertRefused(Reason reason) {
        assertThatThrownBy(this::named)
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void one_message_of_an_id_is_filed_and_told() throws Exception {
        named().close();
        Mailboxes.Entry entry =
                ReceptionTest.now(named().commit().toCompletableFuture()).orElseThrow();
        assertThat(entry.id()).isEqualTo(ID);
        assertRefused(Reason.KNOWN);
        assertThat(bench.arrived()).hasSize(1);
    }

    @Test
    void while_a_message_of_an_id_comes_in_no_other_of_it_begins() throws Exception {
        bench.registry.putTransport(
                imap,
                Map.of("service.id", 1001L, TransportProvider.NAME, "two", TransportProvider.INBOUND_CONCURRENCY, 2));
        Inlet.Reception first = named();
        assertRefused(Reason.NOT_NOW);
        assertThat(ReceptionTest.now(first.commit().toCompletableFuture())).isPresent();
        assertRefused(Reason.KNOWN);
    }

    @Test
    void an_id_whose_message_was_removed_or_took_too_long_may_come_again() throws Exception {
        named();
        bench.advance(Duration.ofHours(2));
        PostProcessor shredder = message -> new Verdict(null, true, false);
        bench.registry.putPostProcessor(shredder, Map.of("service.id", 1000L, HookProperties.NAME, "shredder"));
        assertThat(ReceptionTest.now(named().commit().toCompletableFuture())).isEmpty();
        assertThat(ReceptionTest.now(named().commit().toCompletableFuture())).isEmpty();
    }

    @Test
    void without_a_store_nothing_is_known() {
        Bench empty = new Bench(ReceptionTest.settings());
        FakeTransport alone = new FakeTransport();
        empty.transport(alone, "imap-ann", 0, "SMTP");
        assertThatThrownBy(() -> alone.inlet.origins())
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_STORE));
    }
}
