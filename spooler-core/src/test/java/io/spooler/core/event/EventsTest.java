package io.spooler.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.SpoolListener;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each listener hears everything in order, and a slow one costs only itself. */
class EventsTest {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<SpoolEvent> quick = new ArrayList<>();
    private final List<SpoolEvent> slow = new ArrayList<>();
    private final Events events = new Events(tasks::add, quick::add, 3);

    private static SpoolEvent event(int number) {
        return new SpoolEvent.Queued(new SpoolId(1, number), Instant.ofEpochSecond(number));
    }

    private void emit(int from, int to) {
        for (int i = from; i <= to; i++) {
            events.emit(event(i));
        }
    }

    @Test
    void a_slow_listener_misses_what_it_is_told_about_and_nobody_else_does() {
        SpoolListener listener = slow::add;
        events.add(listener);
        emit(1, 1);
        Runnable quickTask = tasks.remove();
        Runnable slowTask = tasks.remove();
        quickTask.run();
        emit(2, 3);
        tasks.remove().run();
        emit(4, 5);
        tasks.remove().run();
        assertThat(quick).containsExactly(event(1), event(2), event(3), event(4), event(5));
        assertThat(slow).isEmpty();
        assertThat(tasks).as("one task a listener").isEmpty();

        slowTask.run();
        assertThat(slow)
                .containsExactly(
                        event(1),
                        event(2),
                        event(3),
                        new SpoolEvent.Missed(new SpoolId(1, 4), Instant.ofEpochSecond(4), 2));
        emit(6, 6);
        tasks.forEach(Runnable::run);
        assertThat(slow).endsWith(event(6));
    }

    @Test
    void one_that_leaves_hears_nothing_more_and_one_that_throws_goes_on() {
        SpoolListener leaving = slow::add;
        SpoolListener angry = event -> {
            throw new IllegalStateException("angry");
        };
        events.add(leaving);
        events.add(angry);
        emit(1, 2);
        events.remove(leaving);
        tasks.forEach(Runnable::run);
        assertThat(slow).isEmpty();
        assertThat(quick).hasSize(2);
        tasks.clear();
        emit(3, 3);
        assertThat(tasks).hasSize(2);
    }

    @Test
    void what_a_listener_causes_comes_behind() {
        List<SpoolEvent> heard = new ArrayList<>();
        Events inline = new Events(Runnable::run, heard::add);
        inline.add(event -> {
            if (event.equals(event(1))) {
                inline.emit(event(2));
            }
        });
        inline.add(slow::add);
        inline.emit(event(1));
        assertThat(heard).containsExactly(event(1), event(2));
        assertThat(slow).hasSize(2);
    }

    @Test
    void nobody_is_woken_for_what_a_listener_does_not_want() {
        Events choosing = new Events(tasks::add, quick::add, event(2)::equals);
        choosing.add(slow::add, List.of("Arrived", "Administered"));
        choosing.emit(event(1));
        assertThat(tasks).isEmpty();
        SpoolEvent order = new SpoolEvent.Administered(
                new SpoolId(1, 3), Instant.ofEpochSecond(3), "ann", "HOLD: all", 1, 1, true);
        choosing.emit(event(2));
        choosing.emit(order);
        tasks.forEach(Runnable::run);
        assertThat(tasks).hasSize(2);
        assertThat(quick).containsExactly(event(2));
        assertThat(slow).containsExactly(order);
    }
}
