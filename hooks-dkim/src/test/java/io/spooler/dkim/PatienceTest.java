package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many wait for keys that do not come, and how long. */
class PatienceTest {

    private static final Duration LIMIT = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final String TEXT =
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=eA==; b=eA==\r\n" + Messages.LETTER;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Key key = new Key();
    private final Verification verification = new Verification(name -> key, Clock.systemUTC(), LIMIT);

    /** One that does not come before it is told to, and tells who waits for it. */
    private static final class Key extends CompletableFuture<List<String>> {

        private final CountDownLatch awaited = new CountDownLatch(1);
        private volatile Duration wait = Duration.ZERO;

        @Override
        public List<String> get(long time, TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException {
            wait = Duration.of(time, unit.toChronoUnit());
            awaited.countDown();
            return super.get(time, unit);
        }

        Duration awaited() throws InterruptedException {
            assertThat(awaited.await(30, TimeUnit.SECONDS))
                    .as("somebody waits for the key")
                    .isTrue();
            return wait;
        }
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Finding verify() throws IOException {
        return verification
                .verify(Messages.content(TEXT), Messages.header(TEXT))
                .get(0);
    }

    /** On a thread of its own; it waits when this returns. */
    private Future<Finding> begin(Key own) throws InterruptedException {
        key = own;
        Future<Finding> answer = threads.submit(this::verify);
        own.awaited();
        return answer;
    }

    private static Finding end(Future<Finding> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void twoWaitInFullAndOthersShortly() throws Exception {
        Key first = new Key();
        Key second = new Key();
        Future<Finding> one = begin(first);
        Future<Finding> two = begin(second);
        assertThat(List.of(first.awaited(), second.awaited())).allMatch(wait -> wait.compareTo(SHORT) > 0);

        for (int i = 0; i < 3; i++) {
            Key third = new Key();
            Finding late = end(begin(third));
            assertThat(third.awaited()).isLessThanOrEqualTo(SHORT);
            assertThat(late.result()).isEqualTo(Result.TEMPERROR);
            assertThat(late.reason()).isEqualTo("the key was not found in time");
        }
        assertThat(one).isNotDone();
        assertThat(two).isNotDone();

        // Who has waited makes room, whether a key has come or not.
        first.complete(List.of());
        assertThat(end(one).result()).isEqualTo(Result.PERMERROR);
        second.completeExceptionally(new IOException("SERVFAIL"));
        assertThat(end(two).result()).isEqualTo(Result.TEMPERROR);
        Key fourth = new Key();
        Key fifth = new Key();
        Future<Finding> four = begin(fourth);
        Future<Finding> five = begin(fifth);
        assertThat(List.of(fourth.awaited(), fifth.awaited())).allMatch(wait -> wait.compareTo(SHORT) > 0);
        fourth.complete(List.of());
        fifth.complete(List.of());
        end(four);
        end(five);
    }

    @Test
    void aKeyThatIsThereIsTakenWhoeverWaits() throws Exception {
        List<Future<Finding>> waiting = List.of(begin(new Key()), begin(new Key()));
        Key known = new Key();
        known.complete(List.of());
        assertThat(end(begin(known)).result()).isEqualTo(Result.PERMERROR);
        assertThat(waiting).noneMatch(Future::isDone);
    }
}
