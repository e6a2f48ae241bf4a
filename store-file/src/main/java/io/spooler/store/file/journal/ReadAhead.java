package io.spooler.store.file.journal;

import io.spooler.store.file.journal.Journal.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads heads of records. Where they are asked for in the order of the journal, close to each other, as a claim does with what has
 * just come in, one read serves many. One thread at a time.
 */
public final class ReadAhead {

    private static final int WINDOW = 64 * 1024;
    private static final int NEAR = WINDOW / 16;

    private final Segments segments;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long start;
    private long last;

    ReadAhead(Segments segments) {
        this.segments = segments;
    }

    /**
     * As {@link Journal#read(long)}. What was not written yet when the window was read has no mark in there, or a wrong sum, and is
     * read by itself.
     *
     * @param position of a record that was recorded
     * @return checked; the body is not read
     * @throws IOException if it cannot be read, or is damaged
     */
    public Found read(long position) throws IOException {
        boolean near = position > last && position - last <= NEAR;
        last = position;
        Found found = among(position);
        if (found == null && near) {
            start = position;
            segments.read(position, window.clear());
            window.flip();
            found = among(position);
        }
        return found == null ? segments.read(position) : found;
    }

    private @Nullable Found among(long position) throws IOException {
        long at = position - start;
        return at < 0 || at >= window.limit() ? null : segments.among(window, (int) at, position);
    }
}
