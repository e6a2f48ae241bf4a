package io.spooler.store.file.maintain;

import io.spooler.SpoolId;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.ContentUse;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.journal.Journal.Found;
import io.spooler.store.file.maintain.Holder.Place;
import io.spooler.store.file.maintain.Sums.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All messages of a journal and the contents they need. A content that stands in the record that is being read is
 * compared at once, so that it need not be remembered. One thread.
 */
final class Inventory implements ContentUse {

    private final Sums sums;
    private final IdTable<Holder> table = new IdTable<>();
    private final Map<Place, Long> counts = new EnumMap<>(Place.class);
    private long from;
    private long to;

    Inventory(Sums sums) {
        this.sums = sums;
    }

    /** What is told next comes from this record. */
    void present(Found found) {
        from = found.bodyPosition();
        to = from + found.bodySize();
    }

    long count(Place place) {
        return counts.getOrDefault(place, 0L);
    }

    void forEach(Consumer<Holder> visitor) {
        table.forEach(visitor);
    }

    private Holder put(SpoolId id, Place place) {
        removed(id);
        Holder holder = new Holder(id, place);
        table.put(holder);
        counts.merge(place, 1L, Long::sum);
        return holder;
    }

    private @Nullable Holder known(SpoolId id, Place place) {
        Holder holder = table.get(id);
        return holder == null || holder.place != place ? null : holder;
    }

    /** Says whether a content is in the record that is being read, and right: nobody need look at it again. */
    private boolean isRight(ContentRef ref) {
        return ref.isInJournal() && ref.position() >= from && ref.position() < to && sums.of(ref) == Verdict.RIGHT;
    }

    private void hold(Holder holder, ContentRef content) {
        boolean done = content.size() == 0 || isRight(content);
        holder.octets = done ? content.size() : 0;
        holder.rest = done ? null : content;
    }

    private void holdRevised(Holder holder, @Nullable ContentRef revised) {
        boolean done = revised == null || revised.size() == 0 || isRight(revised);
        holder.revisedOctets = done && revised != null ? revised.size() : 0;
        holder.revisedRest = done ? null : revised;
    }

    @Override
    public void queued(SpoolId id, ContentRef accepted, @Nullable ContentRef revised) {
        Holder holder = put(id, Place.QUEUE);
        hold(holder, accepted);
        holdRevised(holder, revised);
    }

    @Override
    public void revised(SpoolId id, @Nullable ContentRef revised) {
        Holder holder = known(id, Place.QUEUE);
        if (holder != null) {
            holdRevised(holder, revised);
        }
    }

    @Override
    public void finished(SpoolId id) {
        put(id, Place.FINISHED);
    }

    @Override
    public void filed(SpoolId id, ContentRef content) {
        hold(put(id, Place.MAILBOX), content);
    }

    @Override
    public void refiled(SpoolId id, ContentRef content) {
        Holder holder = known(id, Place.MAILBOX);
        if (holder != null) {
            hold(holder, content);
        }
    }

    @Override
    public void removed(SpoolId id) {
        Holder holder = table.get(id);
        if (holder != null) {
            table.remove(holder);
            counts.merge(holder.place, -1L, Long::sum);
        }
    }
}
