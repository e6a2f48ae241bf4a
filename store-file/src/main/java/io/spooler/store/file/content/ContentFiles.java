package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of large contents: one file each, named by an id. Any thread. */
public final class ContentFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ContentFiles.class);

    private final Disk disk;
    private final Path directory;
    private final Path quarantine;
    private final AtomicLong held = new AtomicLong();

    /**
     * Uses directories that exist.
     *
     * @param disk where
     * @param directory of the contents
     * @param quarantine where doubtful ones go
     */
    public ContentFiles(Disk disk, Path directory, Path quarantine) {
        this.disk = disk;
        this.directory = directory;
        this.quarantine = quarantine;
    }

    private Path path(SpoolId id) {
        return directory.resolve(id.toString());
    }

    Disk.Handle create(SpoolId id) throws IOException {
        return disk.create(path(id));
    }

    void forceDirectory() throws IOException {
        disk.forceDirectory(directory);
    }

    int read(SpoolId id, ByteBuffer target, long position) throws IOException {
        try (Disk.Handle file = disk.open(path(id))) {
            return file.read(target, position);
        }
    }

    /**
     * Says whether a content is there in full length.
     *
     * @param ref of a file
     * @return false if it is missing or cut
     */
    public boolean isThere(ContentRef ref) {
        SpoolId id = ref.file();
        if (id == null) {
            return true;
        }
        try (Disk.Handle file = disk.open(path(id))) {
            return file.size() == ref.size();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Removes the file of a content, if it has one. Failing is no loss: what is left over goes at the next start.
     *
     * @param ref any content
     */
    public void delete(ContentRef ref) {
        SpoolId id = ref.file();
        if (id != null) {
            delete(id);
            held.addAndGet(-ref.size());
        }
    }

    /**
     * Files count from now on.
     *
     * @param octets of each
     */
    public void hold(Collection<Long> octets) {
        octets.forEach(this::hold);
    }

    /** A file counts from now on. */
    void hold(long octets) {
        held.addAndGet(octets);
    }

    /**
     * Octets of all contents that are held.
     *
     * @return about, while some come and go
     */
    public long held() {
        return held.get();
    }

    /**
     * Says whether there is not a single content.
     *
     * @return true for an empty directory
     * @throws IOException if it cannot be read
     */
    public boolean isEmpty() throws IOException {
        return disk.list(directory).isEmpty();
    }

    /** Moves the file of that name, if there is one; not durable yet. */
    void moveTo(Path target, SpoolId id) throws IOException {
        if (disk.list(directory).contains(path(id))) {
            disk.move(path(id), target.resolve(id.toString()));
        }
    }

    void delete(SpoolId id) {
        try {
            disk.delete(path(id));
        } catch (IOException e) {
            LOG.warn("Content file {} cannot be removed", path(id), e);
        }
    }

    /**
     * Removes what nobody refers to: drafts that were never committed, contents whose message ended.
     *
     * @param wanted names to keep, with their octets
     * @param damaged true if the journal was damaged: then they are moved to the quarantine instead
     * @throws IOException if the directory cannot be read, or a file cannot be moved
     */
    public void sweep(Map<SpoolId, Long> wanted, boolean damaged) throws IOException {
        for (Path path : disk.list(directory)) {
            String name = path.getFileName().toString();
            if (isOrphan(name, wanted.keySet())) {
                if (damaged) {
                    LOG.error("Content file {} belongs to no message that can be read; kept in {}", path, quarantine);
                    disk.move(path, quarantine.resolve(name));
                } else {
                    disk.delete(path);
                }
            }
        }
    }

    private static boolean isOrphan(String name, Set<SpoolId> wanted) {
        try {
            return !wanted.contains(SpoolId.parse(name));
        } catch (IllegalArgumentException e) {
            return false; // Not ours.
        }
    }
}
