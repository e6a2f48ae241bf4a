package io.spooler.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Mailboxes;
import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Folders;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mailboxes as Maildirs. */
class MirrorTest {

    @TempDir
    private Path temp;

    private final MemoryStore store = new MemoryStore(new ManualClock());
    private final Folders folders = store.folders();

    /** Ends the process, so to speak, in front of one of its steps. */
    private static final class FragileDisk extends Disk {

        private int left;

        FragileDisk(int left) {
            this.left = left;
        }

        @Override
        void write(Path file, Source source) throws IOException {
            step();
            super.write(file, source);
        }

        @Override
        void move(Path from, Path to) throws IOException {
            step();
            super.move(from, to);
        }

        @Override
        void force(Path directory) throws IOException {
            step();
            super.force(directory);
        }

        private void step() throws IOException {
            if (left-- == 0) {
                throw new IOException("as the test wants it");
            }
        }
    }

    private Path root() {
        return temp.resolve("root");
    }

    private Mirror mirror() {
        return new Mirror(folders, root(), new Disk());
    }

    private Entry file(String mailbox, String folder, String text, String... flags) throws Exception {
        Folders.Incoming incoming = folders.receive();
        incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return incoming.file(new Folders.Filing(mailbox, folder, "IPM.Note", null, Set.of(flags)))
                .toCompletableFuture()
                .get();
    }

    private List<String> texts(String directory) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(root().resolve(directory))) {
            for (Path file : files.sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(Files::isRegularFile)
                    .map(f -> root().relativize(f).toString())
                    .filter(name -> name.contains("spooler"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void writesWhatIsNewWithItsFlagsIntoItsFolder() throws Exception {
        file("Ann", "INBOX", "Subject: 1\r\n\r\nhello\r\n");
        file("Ann", "INBOX", "seen", "\\Seen", "about: x");
        file("Ann", "Weekly reports", "report");
        file("../bob", "..", "escape");
        assertThat(mirror().catchUp()).isEqualTo(4);
        assertThat(texts("ann/new")).containsExactly("Subject: 1\r\n\r\nhello\r\n");
        assertThat(texts("ann/cur")).containsExactly("seen");
        assertThat(texts("ann/tmp")).isEmpty();
        assertThat(texts("ann/.Weekly reports/new")).containsExactly("report");
        assertThat(root().resolve("ann/.Weekly reports/maildirfolder")).exists();
        assertThat(texts("=2E.=2Fbob/.=2E=2E/new")).containsExactly("escape");
        assertThat(names()).hasSize(4).anyMatch(name -> name.matches("ann/cur/\\d+\\.\\w{26}\\.spooler,S=4:2,S"));
        try (Stream<Path> all = Files.list(temp)) {
            assertThat(all).containsExactly(root());
        }
    }

    @Test
    void goesOnWhereItEndedAndBringsNothingBackThatAReaderRemoved() throws Exception {
        file("ann", "INBOX", "1");
        Mirror first = mirror();
        first.catchUp();
        file("ann", "INBOX", "2");
        assertThat(first.catchUp()).isEqualTo(1);
        Files.delete(root().resolve(names().get(0)));
        file("ann", "INBOX", "3");
        assertThat(mirror().catchUp()).as("after a restart").isEqualTo(1);
        assertThat(texts("ann/new")).containsExactly("2", "3");
    }

    @Test
    void aCrashAtAnyStepNeitherLosesNorDuplicates() throws Exception {
        boolean whole = false;
        for (int steps = 0; !whole; steps++) {
            file("ann", "INBOX", "first of " + steps);
            file("ann", "Other " + steps, "second of " + steps, "\\Seen");
            try {
                new Mirror(folders, root(), new FragileDisk(steps)).catchUp();
                whole = true;
            } catch (IOException e) {
                readerTakes();
            }
            assertThat(steps).as("steps of two messages").isLessThan(100);
        }
        mirror().catchUp();
        List<String> ids = new ArrayList<>();
        for (Entry entry : folders.since(0, 10_000)) {
            ids.add(entry.id().toString());
        }
        assertThat(ids).hasSizeGreaterThan(20);
        assertThat(names().stream().map(name -> name.replaceAll(".*\\.(\\w{26})\\..*", "$1")))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    /** As an IMAP server does when somebody looks into the inbox. */
    private void readerTakes() throws IOException {
        if (Files.isDirectory(root().resolve("ann/cur"))) {
            try (Stream<Path> files = Files.list(root().resolve("ann/new"))) {
                for (Path file : files.toList()) {
                    Files.move(file, root().resolve("ann/cur").resolve(file.getFileName() + ":2,"));
                }
            }
        }
    }

    @Test
    void aFailureOfTheDiskIsMadeUpForByTheSameMirror() throws Exception {
        file("ann", "INBOX", "1");
        file("ann", "INBOX", "2");
        Mirror mirror = new Mirror(folders, root(), new FragileDisk(12));
        assertThatThrownBy(mirror::catchUp).isInstanceOf(IOException.class);
        mirror.catchUp();
        assertThat(texts("ann/new")).containsExactly("1", "2");
    }

    @Test
    void followsFlagsMovesAndDeletionsAndKeepsWhatReadersSet() throws Exception {
        Entry read = file("ann", "INBOX", "read");
        Entry moved = file("ann", "INBOX", "moved");
        Entry gone = file("ann", "INBOX", "gone");
        Mirror mirror = mirror();
        mirror.catchUp();
        assertThat(mirror.compare()).isZero();
        Path reader = root().resolve(only(read.id()));
        Files.move(reader, root().resolve("ann/cur").resolve(reader.getFileName() + ":2,F"));
        folders.mark(read.id(), Set.of("\\Seen"));
        folders.move(moved.id(), "Archive");
        folders.delete(gone.id());
        assertThat(mirror.compare()).isEqualTo(3);
        assertThat(only(read.id())).startsWith("ann/cur/").endsWith(":2,FS");
        assertThat(only(moved.id())).startsWith("ann/.Archive/new/");
        assertThat(names()).hasSize(2);
        assertThat(mirror.compare()).isZero();
    }

    private String only(SpoolId id) throws IOException {
        List<String> found =
                names().stream().filter(name -> name.contains(id.toString())).toList();
        assertThat(found).as("files of " + id).hasSize(1);
        return found.get(0);
    }

    @Test
    void removesNothingWhileTheStoreIsAway() throws Exception {
        Entry entry = file("ann", "INBOX", "1");
        AtomicBoolean away = new AtomicBoolean();
        Mailboxes switched = (Mailboxes) java.lang.reflect.Proxy.newProxyInstance(
                Mailboxes.class.getClassLoader(), new Class<?>[] {Mailboxes.class}, (self, method, arguments) -> {
                    if (away.get() && method.getName().equals("exists")) {
                        throw new SpoolException(SpoolException.Reason.NO_STORE, "as the test wants it");
                    }
                    return method.invoke(folders, arguments);
                });
        Mirror mirror = new Mirror(switched, root(), new Disk());
        mirror.catchUp();
        file("ann", "INBOX", "2");
        folders.delete(entry.id());
        away.set(true);
        assertThat(mirror.compare()).isZero();
        assertThat(texts("ann/new")).containsExactly("1");
        away.set(false);
        assertThat(mirror.compare()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsComparedAnewWhenItsProgressIsRemoved() throws Exception {
        file("ann", "INBOX", "1");
        mirror().catchUp();
        Files.delete(root().resolve(".sequence"));
        file("ann", "INBOX", "2");
        assertThat(mirror().catchUp()).as("what is there is known").isEqualTo(1);
        assertThat(texts("ann/new")).containsExactly("1", "2");
        Files.writeString(root().resolve(".sequence"), "no number");
        assertThatThrownBy(mirror()::catchUp).hasMessageContaining("remove it");
    }

    @Test
    void theLastMessageMayGoAndNothingComesBack() throws Exception {
        file("ann", "INBOX", "1");
        Entry last = file("ann", "INBOX", "2");
        Mirror mirror = mirror();
        mirror.catchUp();
        Files.delete(root().resolve(names().get(0)));
        folders.delete(last.id());
        assertThat(mirror.catchUp()).isZero();
        assertThat(mirror.compare()).isEqualTo(1);
        assertThat(names()).isEmpty();
    }
}
