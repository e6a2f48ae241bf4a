package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.spooler.testkit.TestConsignment;
import io.spooler.transport.Outcome;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much the client allocates for one message of 1 KiB on warm connections. */
class AllocationTest {

    private static final int WARM = 3_000;
    private static final int COUNT = 5_000;
    private static final int TOGETHER = 8;
    private static final long MOST = 6 * 1024;

    private final Rig rig = new Rig("concurrency=4", "max_messages_per_connection=1000000");

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void oneMessageTakesLittle() {
        run(WARM);
        long before = allocated();
        run(COUNT);
        long each = (allocated() - before) / COUNT;
        assertThat(each).isBetween(1L, MOST);
    }

    private void run(int count) {
        Deque<TestConsignment> left = new ArrayDeque<>();
        String text =
                "Subject: x\r\n\r\n" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789\r\n".repeat(17);
        for (int i = 0; i < count; i++) {
            left.add(TestConsignment.of(text).to("ann@example.org"));
        }
        Runs runs = new Runs(left, count);
        for (int i = 0; i < TOGETHER; i++) {
            runs.next();
        }
        Rig.await(runs.all);
    }

    /** By the threads of the client; those of the peer are others. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("spooler-smtp-")) {
                sum += threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        return sum;
    }

    private final class Runs {

        private final Deque<TestConsignment> left;
        private final CompletableFuture<Void> all = new CompletableFuture<>();
        private int open;

        Runs(Deque<TestConsignment> left, int count) {
            this.left = left;
            this.open = count;
        }

        void next() {
            TestConsignment next;
            synchronized (this) {
                next = left.poll();
            }
            if (next != null) {
                rig.begin(next).thenAccept(this::ended);
            }
        }

        private void ended(List<Outcome> outcomes) {
            boolean last;
            synchronized (this) {
                last = --open == 0;
            }
            if (!(outcomes.get(0) instanceof Outcome.Relayed)) {
                all.completeExceptionally(new AssertionError(outcomes.toString()));
            } else if (last) {
                all.complete(null);
            } else {
                next();
            }
        }
    }
}
