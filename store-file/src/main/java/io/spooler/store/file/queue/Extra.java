package io.spooler.store.file.queue;

import io.spooler.store.QueueFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only few messages have at a time. Immutable, so that a wake of a million messages makes one of these.
 *
 * @param pinned the message itself, while its record is on its way to the disk
 * @param sticky true if {@code pinned} holds more than the record does: a wake that was not used up
 * @param lease the present claim
 * @param wakes applied whenever the message is read
 */
record Extra(
        @Nullable Stored pinned, boolean sticky, @Nullable Lease lease, List<QueueFilter> wakes) {

    static Extra woken(QueueFilter filter) {
        return new Extra(null, false, null, List.of(filter));
    }

    static Extra leased(Lease lease) {
        return new Extra(null, false, lease, List.of());
    }

    static Extra pinned(@Nullable Stored stored, boolean sticky, List<QueueFilter> wakes) {
        return new Extra(stored, sticky, null, wakes);
    }
}
