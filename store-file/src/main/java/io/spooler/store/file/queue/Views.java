package io.spooler.store.file.queue;

import io.spooler.Content;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.StoredContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes the API's messages. Contents find their octets again when those were copied to another segment. */
final class Views {

    /** Looks a message up, under the lock of the store. */
    @FunctionalInterface
    interface LookUp {
        @Nullable
        Stored find(SpoolId id) throws IOException;
    }

    private static final byte[] NOTHING = {};

    private final ContentReader reader;
    private final LookUp lookUp;

    Views(ContentReader reader, LookUp lookUp) {
        this.reader = reader;
        this.lookUp = lookUp;
    }

    Message view(Stored stored, int crashes) {
        Content accepted = new StoredContent(reader, NOTHING, stored.accepted(), () -> {
            Stored now = queued(stored.id());
            return now == null ? null : now.accepted();
        });
        return new Message(
                stored.id(),
                stored.envelope(),
                stored.submitted(),
                stored.size(),
                accepted,
                content(stored, accepted),
                stored.recipients(),
                stored.prepared(),
                stored.hooks(),
                crashes,
                stored.finished() != null);
    }

    private Content content(Stored stored, Content accepted) {
        ContentRef revised = stored.revised();
        if (revised == null && stored.prefix().isEmpty()) {
            return accepted;
        }
        byte[] prefix = stored.prefix().getBytes(StandardCharsets.UTF_8);
        if (revised == null) {
            return new StoredContent(reader, prefix, stored.accepted(), () -> {
                Stored now = queued(stored.id());
                return now == null ? null : now.accepted();
            });
        }
        return new StoredContent(reader, prefix, revised, () -> {
            Stored now = queued(stored.id());
            return now == null ? null : now.revised();
        });
    }

    private @Nullable Stored queued(SpoolId id) throws IOException {
        Stored now = lookUp.find(id);
        return now == null || now.finished() != null ? null : now;
    }
}
