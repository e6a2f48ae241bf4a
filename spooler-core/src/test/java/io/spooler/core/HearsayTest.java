package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.store.MessageStore;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a report from elsewhere says of a message that was handed on: its ledger and its listeners learn it. */
class HearsayTest {

    private static final Address BOB = Address.smtp("bob@example.org");
    private static final Reply FAILED = new Reply("5.1.1", "a report says: failed, no such user");

    private final Bench bench = new Bench();
    private final FakeTransport smtp = new FakeTransport();

    private SpoolId relayed() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        return bench.send("ann@example.org", "bob@example.org");
    }

    private List<SpoolEvent.Reported> reported() {
        return bench.told.stream()
                .filter(SpoolEvent.Reported.class::isInstance)
                .map(SpoolEvent.Reported.class::cast)
                .toList();
    }

    @Test
    void the_ledger_and_listeners_learn_it_and_no_state_changes() throws Exception {
        bench.withStore();
        SpoolId id = relayed();
        RecipientStatus before = bench.status(id).recipients().get(1);
        assertThat(bench.client.reported(id, BOB, FAILED)).isTrue();
        RecipientStatus after = bench.status(id).recipients().get(1);
        assertThat(after.state()).isEqualTo(RecipientState.RELAYED);
        assertThat(after.changed()).isEqualTo(before.changed());
        assertThat(after.reply()).isEqualTo(new Reply("5.1.1", FAILED.text() + "; before: " + before.reply()));
        assertThat(reported()).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.recipient()).isEqualTo(after);
        });
        assertThat(bench.status(id).recipients().get(0).reply()).isEqualTo(before.reply());
    }

    @Test
    void what_the_ledger_says_already_is_not_said_again() throws Exception {
        bench.withStore();
        SpoolId id = relayed();
        assertThat(bench.client.reported(id, BOB, FAILED)).isTrue();
        assertThat(bench.client.reported(id, BOB, FAILED)).isFalse();
        assertThat(reported()).hasSize(1);
        assertThat(bench.client.reported(id, BOB, new Reply("2.0.0", "a report says: displayed")))
                .as("something else is")
                .isTrue();
    }

    @Test
    void nothing_is_learned_of_others_and_of_whom_it_still_works_on() throws Exception {
        bench.withStore();
        smtp.manual = true;
        SpoolId id = relayed();
        assertThat(bench.client.reported(id, BOB, FAILED)).as("not final").isFalse();
        smtp.open.get(0).complete(smtp.outcomes(smtp.taken.get(0)));
        assertThat(bench.client.reported(id, Address.smtp("eve@example.org"), FAILED))
                .as("no recipient")
                .isFalse();
        assertThat(bench.client.reported(new SpoolId(1, 2), BOB, FAILED))
                .as("unknown")
                .isFalse();
        assertThat(reported()).isEmpty();
    }

    @Test
    void a_store_that_takes_no_notes_is_no_mistake() throws Exception {
        bench.withStore((MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> method.invoke(bench.store, arguments)));
        SpoolId id = relayed();
        assertThat(bench.client.reported(id, BOB, FAILED)).isFalse();
        assertThat(reported()).isEmpty();
    }
}
