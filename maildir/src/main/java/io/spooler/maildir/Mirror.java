package io.spooler.maildir;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a directory of Maildirs up to what the mailboxes hold, in one direction. One thread; blocks for the disk. What it
 * throws is about the disk: the next call goes on where this one has ended.
 *
 * <p>New messages come from the feed. The sequence up to which all is done is kept in the root, behind the messages; what was
 * written behind it, before a crash, is known by the ids in the names of the files. So nothing is left out or comes twice.
 */
final class Mirror {

    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
    private static final String PROGRESS = ".sequence";
    private static final int BATCH = 100;
    private static final int CHUNK = 64 * 1024;
    private static final List<String> PARTS = List.of("tmp", "new", "cur");

    private final Mailboxes mailboxes;
    private final Path root;
    private final Disk disk;
    private long done = -1;

    /** What may be there already, behind a start or a failure; null if nothing can be. */
    private @Nullable Set<SpoolId> present;

    /** The store has something that cannot be read. */
    private static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Assigns.
     *
     * @param mailboxes what is mirrored
     * @param root holds a directory for each mailbox; made if it is missing
     * @param disk is written to
     */
    Mirror(Mailboxes mailboxes, Path root, Disk disk) {
        this.mailboxes = mailboxes;
        this.root = root;
        this.disk = disk;
    }

    // ---- new messages

    /** Writes what is new, and returns how many that were. */
    int catchUp() throws IOException {
        begin();
        int count = 0;
        try {
            for (List<Entry> next = next(); !next.isEmpty(); next = next()) {
                for (Entry entry : next) {
                    count += add(entry) ? 1 : 0;
                    done = entry.sequence();
                }
                keep(done);
            }
            present = null;
            return count;
        } catch (IOException | RuntimeException e) {
            // The last name may be there or not.
            done = -1;
            throw e;
        }
    }

    private List<Entry> next() {
        return mailboxes.since(done, BATCH);
    }

    private void begin() throws IOException {
        if (done < 0) {
            Files.createDirectories(root.toAbsolutePath().resolveSibling(""));
            disk.directory(root);
            Set<SpoolId> found = new HashSet<>();
            copies().forEach(copy -> found.add(copy.id()));
            present = found;
            done = kept();
        }
    }

    private long kept() throws IOException {
        try {
            return Long.parseLong(Files.readString(root.resolve(PROGRESS)).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            throw new IOException(root.resolve(PROGRESS) + " holds no number; remove it to compare everything anew", e);
        }
    }

    private void keep(long sequence) throws IOException {
        disk.replace(root.resolve(PROGRESS), (sequence + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private boolean add(Entry entry) throws IOException {
        if (present != null && present.contains(entry.id())) {
            return false;
        }
        Optional<Content> content = mailboxes.content(entry.id());
        if (content.isEmpty()) {
            return false;
        }
        Path maildir = make(entry);
        String base = Copy.base(entry);
        Path draft = maildir.resolve("tmp").resolve(base);
        try {
            disk.write(draft, file -> copy(content.get(), file));
        } catch (Unreadable e) {
            LOG.error("{} cannot be read and is not mirrored: {}", entry.id(), e.getMessage());
            disk.remove(draft);
            return false;
        }
        String letters = Copy.letters(entry.flags());
        disk.move(
                draft,
                letters.isEmpty()
                        ? maildir.resolve("new").resolve(base)
                        : maildir.resolve("cur").resolve(base + ":2," + letters));
        return true;
    }

    private static void copy(Content content, FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, content.size())));
        long position = 0;
        for (int count = read(content, 0, buffer); count >= 0; count = read(content, position, buffer)) {
            position += count;
            buffer.flip();
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        }
    }

    private static int read(Content content, long position, ByteBuffer buffer) throws Unreadable {
        try {
            return content.read(position, buffer.clear());
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    /** The Maildir of a folder: that of the inbox holds the others. */
    private Path maildir(Entry entry) {
        Path mailbox = root.resolve(Names.mailbox(entry.mailbox()));
        String folder = Names.folder(entry.folder());
        return folder.isEmpty() ? mailbox : mailbox.resolve(folder);
    }

    private Path make(Entry entry) throws IOException {
        Path maildir = maildir(entry);
        make(root.resolve(Names.mailbox(entry.mailbox())));
        make(maildir);
        if (!Names.folder(entry.folder()).isEmpty() && !Files.exists(maildir.resolve("maildirfolder"))) {
            disk.write(maildir.resolve("maildirfolder"), file -> {});
        }
        return maildir;
    }

    private void make(Path maildir) throws IOException {
        disk.directory(maildir);
        for (String part : PARTS) {
            disk.directory(maildir.resolve(part));
        }
    }

    // ---- what happens to them later

    /**
     * Follows flags that were set, moves and deletions. Nothing is removed while the store cannot be asked.
     *
     * @return how many files were changed
     */
    int compare() throws IOException {
        begin();
        int changed = 0;
        for (Copy copy : copies()) {
            changed += follow(copy) ? 1 : 0;
        }
        return changed;
    }

    private boolean follow(Copy copy) throws IOException {
        Optional<Entry> entry = mailboxes.entry(copy.id());
        if (entry.isEmpty()) {
            boolean gone = isGone(copy);
            if (gone) {
                disk.remove(copy.file());
            }
            return gone;
        }
        String letters = copy.flagsWith(Copy.letters(entry.get().flags()));
        Path maildir = maildir(entry.get());
        if (letters.equals(copy.flags()) && maildir.equals(copy.maildir())) {
            return false;
        }
        make(entry.get());
        return move(copy.file(), copy.in(maildir, letters));
    }

    private boolean move(Path from, Path to) throws IOException {
        try {
            disk.move(from, to);
            return true;
        } catch (NoSuchFileException e) {
            // A reader was faster; the next time it is found where it is.
            return false;
        }
    }

    /** Whether it is the message that is gone, and not the store. */
    private boolean isGone(Copy copy) {
        try {
            // Says so if there is no store to ask, in front of the look and behind it.
            mailboxes.exists(copy.base());
            boolean gone = mailboxes.entry(copy.id()).isEmpty();
            mailboxes.exists(copy.base());
            return gone;
        } catch (SpoolException e) {
            LOG.debug("nothing is removed: {}", e.getMessage());
            return false;
        }
    }

    // ---- what is there

    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        for (Path mailbox : directories(root)) {
            collect(mailbox, copies);
            for (Path folder : directories(mailbox)) {
                if (folder.getFileName().toString().startsWith(".")) {
                    collect(folder, copies);
                }
            }
        }
        return copies;
    }

    private static void collect(Path maildir, List<Copy> copies) throws IOException {
        for (String part : List.of("new", "cur")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve(part))) {
                files.forEach(file -> Copy.of(file).ifPresent(copies::add));
            } catch (NoSuchFileException e) {
                // Not a Maildir, or one that is just being made.
            }
        }
    }

    private static List<Path> directories(Path above) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(above, Files::isDirectory)) {
            all.forEach(found::add);
        }
        return found;
    }
}
