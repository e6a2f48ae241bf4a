package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolId;
import io.spooler.store.MessageStore;
import io.spooler.testkit.MemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the queue is looked through for what is late: by clerks, one walk at a time, whatever a store does. */
class LateWatchTest {

    private static final Duration LATE = Duration.ofHours(5);

    private final Bench bench = new Bench();
    private final FakeTransport mail = new FakeTransport();
    private final List<Runnable> clerks = new ArrayList<>();
    private final Set<Object> unreadable = new HashSet<>();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    /** A store whose queries, and whose messages, can be made unreadable. */
    private void store() {
        MemoryStore store = bench.store;
        bench.withStore((MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (unreadable.contains(method.getName())
                            || (method.getName().equals("find") && unreadable.contains(arguments[0]))) {
                        throw new IllegalStateException("unreadable");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
        bench.transport(mail, "mail", 0, "SMTP");
    }

    private SpoolId late() throws Exception {
        return bench.send("MQTT:plant/7");
    }

    private void work() {
        while (!clerks.isEmpty()) {
            clerks.remove(0).run();
        }
    }

    @Test
    void a_clerk_looks_and_one_walk_ends_before_the_next_begins() throws Exception {
        store();
        bench.clerks = clerks::add;
        late();
        bench.advance(LATE);
        bench.core.configure(CoreSettings.defaults());
        bench.advance(LATE);
        assertThat(clerks).as("one look, however long it takes").hasSize(1);
        work();
        assertThat(mail.taken).as("nothing was late when it began").isEmpty();
        bench.advance(Duration.ofMinutes(15));
        assertThat(clerks).as("the next walk").hasSize(1);
        work();
        assertThat(mail.taken).as("told").hasSize(1);
    }

    @Test
    void what_cannot_be_read_is_passed_over_and_looked_at_again() throws Exception {
        store();
        late();
        unreadable.add(late());
        late();
        bench.advance(LATE);
        assertThat(mail.taken).as("the others").hasSize(2);
        unreadable.clear();
        bench.advance(LATE);
        assertThat(mail.taken).hasSize(3);
    }

    @Test
    void a_store_that_does_not_show_its_queue_is_asked_again() throws Exception {
        store();
        late();
        unreadable.add("query");
        bench.advance(LATE);
        assertThat(mail.taken).isEmpty();
        unreadable.clear();
        bench.advance(Duration.ofMinutes(15));
        assertThat(mail.taken).hasSize(1);
    }
}
