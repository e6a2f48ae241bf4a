package io.spooler.store.file.queue;

import io.spooler.RecipientStatus;
import io.spooler.store.file.content.ContentRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of a message that can change, as a STATE record holds it. */
record State(
        @Nullable ContentRef revised,
        String prefix,
        boolean prepared,
        List<String> hooks,
        List<RecipientStatus> recipients) {}
