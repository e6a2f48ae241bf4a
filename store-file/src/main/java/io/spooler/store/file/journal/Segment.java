package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One file of the journal, for readers. Any thread. Lock: this object, around the handle. */
public final class Segment {

    private static final String SUFFIX = ".log";

    private final Disk disk;
    private final Path path;
    private final SegmentHeader header;
    private Disk.@Nullable Handle reader;
    private boolean dropped;
    private volatile long size;

    Segment(Disk disk, Path path, SegmentHeader header) {
        this.disk = disk;
        this.path = path;
        this.header = header;
    }

    static Path path(Path directory, long number) {
        return directory.resolve(String.format("%010d%s", number, SUFFIX));
    }

    /**
     * Tells segments by their name.
     *
     * @param path in the directory of a journal
     * @return true for a segment
     */
    public static boolean isSegment(Path path) {
        return path.getFileName().toString().matches("\\d{10}\\.log");
    }

    static long number(Path path) {
        return Long.parseLong(path.getFileName().toString().substring(0, 10));
    }

    long salt() {
        return header.salt();
    }

    SegmentHeader header() {
        return header;
    }

    /**
     * Its file.
     *
     * @return need not exist
     */
    public Path path() {
        return path;
    }

    /**
     * Its number.
     *
     * @return grows with time
     */
    public long number() {
        return header.number();
    }

    /**
     * Octets in use.
     *
     * @return up to the last record
     */
    public long size() {
        return size;
    }

    void size(long octets) {
        size = octets;
    }

    /**
     * Reads octets.
     *
     * @param target receives some
     * @param offset of the first
     * @return how many, or -1 at the end
     * @throws IOException if they cannot be read, or the segment is closed
     */
    public int read(ByteBuffer target, long offset) throws IOException {
        return reader().read(target, offset);
    }

    int readFully(ByteBuffer target, long offset) throws IOException {
        return reader().readFully(target, offset);
    }

    private synchronized Disk.Handle reader() throws IOException {
        if (dropped) {
            throw new IOException("the segment is gone: " + path.getFileName());
        }
        Disk.Handle present = reader;
        if (present == null) {
            present = disk.open(path);
            reader = present;
        }
        return present;
    }

    /** Lets the file go; nothing can be read afterwards. */
    public synchronized void close() {
        dropped = true;
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (IOException e) {
            // It was open for reading only.
        }
        reader = null;
    }
}
