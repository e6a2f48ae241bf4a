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
    interface LookUp {
        @Nullable
        Stored find(SpoolId id) throws IOException;

        /** Its content is not what was accepted. */
        void damaged(SpoolId id, IOException cause);
    }

    /** Which of the two contents of a message. */
    private record Place(Views views, SpoolId id, boolean revised) implements StoredContent.Whereabouts {

        @Override
        public @Nullable ContentRef now() throws IOException {
            Stored now = views.lookUp.find(id);
            if (now == null || now.finished() != null) {
                return null;
            }
            return revised ? now.revised() : now.accepted();
        }

        @Override
        public void damaged(IOException cause) {
            views.lookUp.damaged(id, cause);
        }
    }

    private static final byte[] NOTHING = {};

    private final ContentReader reader;
    private final LookUp lookUp;
    private final SpoolId last;

    /** What is not after {@code last} was read from the disk at the start, and may have been damaged before. */
    Views(ContentReader reader, LookUp lookUp, SpoolId last) {
        this.reader = reader;
        this.lookUp = lookUp;
        this.last = last;
    }

    private StoredContent content(Stored stored, ContentRef ref, byte[] prefix, boolean revised) {
        boolean fresh = stored.id().compareTo(last) > 0;
        return new StoredContent(reader, prefix, ref, new Place(this, stored.id(), revised), fresh);
    }

    Message view(Stored stored, int crashes) {
        Content accepted = content(stored, stored.accepted(), NOTHING, false);
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
        return revised == null
                ? content(stored, stored.accepted(), prefix, false)
                : content(stored, revised, prefix, true);
    }
}
