package io.spooler.store.file.maintain;

import io.spooler.SpoolId;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.index.Slot;
import org.jspecify.annotations.Nullable;

/** A message, as a check knows it: 56 octets, if all its contents are in the records that were read anyway. */
final class Holder extends Slot {

    /** Where a message is. */
    enum Place {
        QUEUE,
        FINISHED,
        MAILBOX
    }

    final Place place;

    /** The accepted or filed content: octets that were compared already, and what is to be compared still. */
    long octets;

    @Nullable
    ContentRef rest;

    /** The same of a revised content. */
    long revisedOctets;

    @Nullable
    ContentRef revisedRest;

    Holder(SpoolId id, Place place) {
        super(id);
        this.place = place;
    }
}
