package io.spooler.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.core.event.Events;
import io.spooler.testkit.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Told once, in the order of the sequence, whatever order the answers of the store come in. */
class ArrivalsTest {

    private final List<Long> told = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals(
            new Events(
                    Runnable::run,
                    event -> told.add(((SpoolEvent.Arrived) event).entry().sequence())),
            new ManualClock());

    private static Mailboxes.Entry entry(long sequence) {
        return new Mailboxes.Entry(
                new SpoolId(1, sequence), "ann", "INBOX", "IPM.Note", null, Instant.EPOCH, 1, Set.of(), sequence);
    }

    @Test
    void what_is_filed_later_waits_for_what_may_be_filed_before_it() {
        long first = arrivals.begin("ann");
        long second = arrivals.begin("ann");
        arrivals.end("ann", second, entry(8));
        assertThat(told).isEmpty();
        arrivals.end("ann", first, entry(7));
        assertThat(told).containsExactly(7L, 8L);
    }

    @Test
    void what_begins_after_it_was_filed_is_not_waited_for() {
        long first = arrivals.begin("ann");
        long other = arrivals.begin("bob");
        arrivals.end("ann", first, entry(7));
        assertThat(told).as("nor another mailbox").containsExactly(7L);
        long second = arrivals.begin("ann");
        long third = arrivals.begin("ann");
        arrivals.end("ann", second, null);
        arrivals.end("ann", third, entry(9));
        arrivals.end("ann", third, entry(9));
        arrivals.end("bob", other, entry(8));
        assertThat(told).as("once each; what failed is not waited for").containsExactly(7L, 9L, 8L);
    }

    /** The store gives sequences in any order to those that are under way, and answers in any order. */
    @Test
    void any_order_of_answers_is_put_right() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            told.clear();
            List<Long> running = new ArrayList<>();
            List<long[]> filed = new ArrayList<>();
            long sequence = 0;
            int left = 30;
            while (left > 0 || !running.isEmpty() || !filed.isEmpty()) {
                int what = random.nextInt(3);
                if (what == 0 && left > 0) {
                    running.add(arrivals.begin("ann"));
                    left--;
                } else if (what == 1 && !running.isEmpty()) {
                    filed.add(new long[] {running.remove(random.nextInt(running.size())), ++sequence});
                } else if (what == 2 && !filed.isEmpty()) {
                    long[] one = filed.remove(random.nextInt(filed.size()));
                    arrivals.end("ann", one[0], entry(one[1]));
                }
            }
            assertThat(told).hasSize(30).isSorted();
        }
        assertThat(Collections.max(told)).isEqualTo(30);
    }
}
