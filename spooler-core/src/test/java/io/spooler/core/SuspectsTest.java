package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.hook.Decision;
import io.spooler.hook.OutgoingMessage;
import io.spooler.store.QueueFilter;
import io.spooler.transport.Consignment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message that ends the process is held, alone (reliability 2.10). */
class SuspectsTest {

    private static final int MESSAGES = 12;
    private static final int MIDDLE = 5;
    private static final int LIVES = 10;
    private static final int MOST = 3;

    private final List<SpoolId> ids = new ArrayList<>();
    private Bench bench = new Bench().withStore();

    private void send() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            ids.add(bench.send("user" + i + "@example" + i + ".org"));
        }
    }

    private SpoolId poison() {
        return ids.get(MIDDLE);
    }

    private void kill() {
        bench = bench.killed().withStore();
    }

    /** All that may begin beside each other does so before anything is answered. */
    private FakeTransport slow() {
        FakeTransport transport = new FakeTransport();
        transport.manual = true;
        bench.transport(MESSAGES, transport, "slow", 0, "SMTP");
        return transport;
    }

    private boolean isPoisoned(FakeTransport transport) {
        return transport.taken.stream().map(Consignment::id).anyMatch(poison()::equals);
    }

    /** Started again whenever it has ended; says how often. */
    private int liveOn() {
        int ends = 0;
        for (int life = 0; life < LIVES; life++) {
            FakeTransport transport = slow();
            for (int i = 0; i < transport.open.size() && !isPoisoned(transport); i++) {
                transport.open.get(i).complete(transport.outcomes(transport.taken.get(i)));
            }
            if (isPoisoned(transport)) {
                ends++;
            }
            kill();
        }
        return ends;
    }

    private List<SpoolId> queued() {
        return bench.store.query(QueueFilter.ALL, null, MESSAGES).stream()
                .map(MessageStatus::id)
                .toList();
    }

    private void isHeldAlone() {
        assertThat(queued()).as("all others went out").containsExactly(poison());
        assertThat(bench.states(poison())).containsExactly(RecipientState.HELD);
    }

    @Test
    void a_message_that_ends_the_process_is_held_and_no_other() throws Exception {
        send();
        assertThat(liveOn()).isEqualTo(MOST);
        isHeldAlone();
    }

    @Test
    void what_was_released_has_as_many_tries_again() throws Exception {
        send();
        liveOn();
        slow();
        Order order = Order.of(Action.RELEASE, Filter.parse("state:HELD"), "tester");
        bench.admin.change(order);
        assertThat(bench.states(poison())).containsExactly(RecipientState.OFFERED);
        kill();
        assertThat(liveOn()).isEqualTo(MOST - 1);
        isHeldAlone();
    }

    @Test
    void who_is_suspected_is_told() throws Exception {
        send();
        slow();
        kill();
        slow();
        kill();
        FakeTransport transport = slow();
        assertThat(transport.taken).as("the first of them, alone").hasSize(1);
        assertThat(bench.admin.why(poison()).toString()).contains("the process ended 2 times in a row");
    }

    /** The end comes while hooks work on it, on a thread of their own. */
    @Test
    void a_message_whose_hook_ends_the_process_is_held_and_no_other() throws Exception {
        send();
        int ends = 0;
        for (int life = 0; life < LIVES; life++) {
            Bench now = bench;
            List<Runnable> work = new ArrayList<>();
            now.workers = work::add;
            now.hook(this::endsTheProcess, "hook", 0);
            now.transport(MESSAGES, new FakeTransport(), "smtp", 0, "SMTP");
            for (int i = 0; i < work.size() && now == bench; i++) {
                work.get(i).run();
            }
            if (now != bench) {
                ends++;
            } else {
                kill();
            }
        }
        assertThat(ends).isEqualTo(MOST);
        isHeldAlone();
    }

    private Decision endsTheProcess(OutgoingMessage message) {
        if (message.id().equals(poison())) {
            kill();
        }
        return Decision.CONTINUE;
    }

    @Test
    void a_crash_counts_only_for_what_was_in_work() throws Exception {
        send();
        for (int life = 0; life < LIVES; life++) {
            kill();
        }
        FakeTransport transport = slow();
        assertThat(transport.taken).hasSize(MESSAGES).noneMatch(Consignment::mayBeDuplicate);
        kill();
        transport = slow();
        assertThat(transport.taken).hasSize(MESSAGES).allMatch(Consignment::mayBeDuplicate);
    }

    /** Prepared and in line is not in work. */
    @Test
    void a_crash_does_not_count_for_what_hooks_have_done_with() throws Exception {
        send();
        bench.hook(message -> Decision.CONTINUE, "hook", 0);
        FakeTransport transport = new FakeTransport();
        transport.manual = true;
        bench.transport(1, transport, "slow", 0, "SMTP");
        kill();
        FakeTransport next = slow();
        assertThat(next.taken.stream().filter(Consignment::mayBeDuplicate)).hasSize(1);
    }
}
