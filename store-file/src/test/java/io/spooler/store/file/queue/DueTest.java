package io.spooler.store.file.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spooler.SpoolId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What asks for work comes in order of time and id, whether it stands in the line or in the heap. */
final class DueTest {

    private static final Comparator<Entry> ORDER =
            Comparator.<Entry>comparingLong(e -> e.due).thenComparing(Entry::id);

    private final Due due = new Due();

    private static Entry entry(long number, long time) {
        Entry entry = new Entry(new SpoolId(0, number));
        entry.due = time;
        return entry;
    }

    private List<Long> drain() {
        List<Long> times = new ArrayList<>();
        for (Entry first = due.first(); first != null; first = due.first()) {
            times.add(first.due);
            due.remove(first);
        }
        return times;
    }

    @Test
    void whoWasOvertakenOnTheWayInStillComesFirst() {
        Entry early = entry(1, 10);
        due.add(entry(2, 30), true);
        due.add(entry(3, 20), true);
        due.add(early, true);
        assertTrue(DueLine.has(early));
        assertEquals(List.of(10L, 20L, 30L), drain());
    }

    @Test
    void whoComesFarTooLateGoesToTheHeap() {
        for (int i = 0; i < 1000; i++) {
            due.add(entry(i, 1000 + i), true);
        }
        Entry late = entry(5000, 1);
        due.add(late, true);
        assertFalse(DueLine.has(late));
        assertSame(late, due.first());
    }

    @Test
    void whoHasToWaitDoesNotStandInTheLine() {
        Entry later = entry(1, 1_000_000);
        due.add(later, false);
        Entry now = entry(2, 5);
        due.add(now, true);
        assertFalse(DueLine.has(later));
        assertTrue(DueLine.has(now));
        assertEquals(List.of(5L, 1_000_000L), drain());
    }

    @Test
    void whoLeavesFromTheMiddleDoesNotMakeTheLineLonger() {
        Entry first = entry(0, 0);
        due.add(first, true);
        for (int i = 1; i < 100_000; i++) {
            Entry passing = entry(i, i);
            due.add(passing, true);
            assertTrue((passing.place & Integer.MAX_VALUE) < 128, "holes are closed before the line grows");
            due.remove(passing);
            assertEquals(-1, passing.place);
            assertSame(first, due.first());
        }
        assertEquals(List.of(0L), drain());
    }

    /** Beside a sorted set, with all that a store does: arrivals a little out of order, retries, deletions, claims. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void isASortedSet(long seed) {
        Random random = new Random(seed);
        SortedSet<Entry> model = new TreeSet<>(ORDER);
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            int what = random.nextInt(10);
            if (what < 5 || all.isEmpty()) {
                boolean atOnce = random.nextInt(8) > 0;
                Entry entry = entry(i, i * 10L + random.nextInt(2000) + (atOnce ? 0 : 50_000));
                due.add(entry, atOnce);
                model.add(entry);
                all.add(entry);
            } else if (what < 8 && !model.isEmpty()) {
                due.remove(take(model));
            } else {
                change(random, model, all.get(random.nextInt(all.size())), i * 10L);
            }
            assertSame(model.isEmpty() ? null : model.first(), due.first());
        }
        while (!model.isEmpty()) {
            assertSame(model.first(), due.first());
            due.remove(take(model));
        }
        assertNull(due.first());
    }

    private static Entry take(SortedSet<Entry> model) {
        Entry first = model.first();
        model.remove(first);
        return first;
    }

    private void change(Random random, SortedSet<Entry> model, Entry entry, long now) {
        model.remove(entry);
        int what = random.nextInt(4);
        if (what == 0) {
            due.remove(entry);
        } else {
            entry.due = what == 1 ? Long.MAX_VALUE : now + random.nextInt(100_000) - 50_000;
            due.update(entry);
            if (what > 1) {
                model.add(entry);
            }
        }
    }
}
