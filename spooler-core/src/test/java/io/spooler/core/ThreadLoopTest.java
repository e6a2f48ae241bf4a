package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.core.loop.Loop;
import io.spooler.core.loop.ThreadLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop on its thread. */
class ThreadLoopTest {

    private final ThreadLoop loop = new ThreadLoop();

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void pieces_run_in_order_one_at_a_time_from_many_threads() throws Exception {
        int threads = 4;
        int each = 5000;
        List<Integer> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(threads * each);
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            int number = first + i;
                            loop.execute(() -> {
                                seen.add(number);
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).as("all pieces ran").isTrue();
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            assertThat(seen.stream().filter(n -> n / each == first / each)).isSorted();
        }
    }

    @Test
    void timers_run_when_due_and_can_be_cancelled() throws Exception {
        List<String> ran = new ArrayList<>();
        CompletableFuture<List<String>> last = new CompletableFuture<>();
        loop.call(() -> {
                    loop.after(Duration.ofMillis(30), () -> last.complete(ran));
                    loop.after(Duration.ofMillis(10), () -> ran.add("b"));
                    loop.after(Duration.ofMillis(1), () -> ran.add("a"));
                    Loop.Timer cancelled = loop.after(Duration.ofMillis(5), () -> ran.add("never"));
                    cancelled.cancel();
                    return true;
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(last.get(10, TimeUnit.SECONDS)).containsExactly("a", "b");
    }

    @Test
    void a_piece_that_throws_stops_only_itself() throws Exception {
        assertThatThrownBy(() -> loop.call(() -> {
                            throw new IllegalStateException("broken");
                        })
                        .get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("broken");
        loop.execute(() -> {
            throw new IllegalStateException("broken");
        });
        assertThat(loop.call(() -> 1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void nobody_waits_for_a_loop_that_has_ended() {
        CompletableFuture<Integer> before = loop.call(() -> 1);
        loop.close();
        CompletableFuture<Integer> after = loop.call(() -> 1);
        assertThat(before).isCompletedWithValue(1);
        assertThat(after).isCompletedExceptionally();
    }
}
