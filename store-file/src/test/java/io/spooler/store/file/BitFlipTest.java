package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bit is flipped in a journal of a thousand messages (reliability test d). By hand ({@code -Dspooler.flips=full}) in
 * every octet of a plain one, and in every sixteenth of one with every type of record; in the build in every so many octets,
 * and in the first one of each field of each type of record.
 *
 * <p>What the store may keep to start faster is left out: the journal and the contents are the truth. A flip must be
 * reported, at the opening or when the message is read, and may touch nobody but the messages that the damaged record
 * names. It may go unreported only where the octet means nothing, and then all must be as if it had not been:
 *
 * <ul>
 *   <li>zeros between two records, and behind the last one of a segment;
 *   <li>one of the two equal headers of a segment: the other one serves;
 *   <li>the mark of a clean end, the last record of all: without it the journal ends in the middle of nothing.
 * </ul>
 */
class BitFlipTest {

    private static final Logger LOG = LoggerFactory.getLogger("flip"); // the store's own are off
    private static final boolean FULL = "full".equals(System.getProperty("spooler.flips"));
    private static final int STEP = 331;
    private static final int FULL_STEP = 16;
    private static final int THREADS = Integer.getInteger("spooler.threads", 2);
    private static final int PROGRESS = 20_000;

    @TempDir
    Path temp;

    private FlipJournal journal;
    private SortedMap<Path, byte[]> image;
    private Path root;
    private FlipView whole;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger reported = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger older = new AtomicInteger();

    @BeforeEach
    void writeTheJournal() throws Exception {
        root = Files.createDirectories(temp.resolve("whole"));
        journal = new FlipJournal(root);
        read(journal.write());
        assertThat(whole.filed()).isNotEmpty();
    }

    private void read(Map<Path, byte[]> written) throws IOException {
        image = new TreeMap<>(written);
        image.keySet().removeIf(path -> !Flip.isSegment(path) && !isContent(path));
        whole = view(image, root);
        assertThat(whole.reported()).isFalse();
        assertThat(whole.letters()).hasSizeGreaterThanOrEqualTo(FlipJournal.MESSAGES);
    }

    private static boolean isContent(Path path) {
        return path.getParent().endsWith("content");
    }

    private FlipView view(Map<Path, byte[]> files, Path place) throws IOException {
        MemoryDisk disk = new MemoryDisk(MemoryDisk.Log.NONE);
        files.forEach(
                (path, octets) -> disk.put(place.resolve(root.relativize(path).toString()), octets, octets.length));
        try (FileStore store = FileStore.open(FlipJournal.options(place), disk, journal.clock)) {
            return FlipView.of(store, journal.known(), journal.clock.instant());
        }
    }

    @Test
    void losesOnlyWhatIsDamagedAndSaysSo() throws Exception {
        flip(FULL ? FULL_STEP : STEP);
    }

    @Test
    void losesOnlyWhatIsDamagedInAPlainJournal() throws Exception {
        journal = new FlipJournal(root);
        read(journal.writePlain());
        flip(FULL ? 1 : STEP);
    }

    private void flip(int step) throws Exception {
        List<Flip> flips = Flip.in(image, step);
        run(flips);
        long meant = flips.stream().filter(Flip::hasMeaning).count();
        LOG.warn(
                "{} bits flipped in {} octets: {} of {} that mean something reported; {} messages gone, {} older",
                flips.size(),
                image.values().stream().mapToInt(octets -> octets.length).sum(),
                reported,
                meant,
                gone,
                older);
        assertThat((long) reported.get()).isGreaterThanOrEqualTo(meant);
    }

    @Test
    void neverServesADamagedContentFile() throws Exception {
        List<Path> files =
                image.keySet().stream().filter(BitFlipTest::isContent).toList();
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            SpoolId id = SpoolId.parse(file.getFileName().toString());
            int size = image.get(file).length;
            for (int at = 0; at < size; at += FULL ? 1 : size / 4) {
                SortedMap<Path, byte[]> damaged = new TreeMap<>(image);
                damaged.put(file, new Flip(file, at, null, false).in(image.get(file)));
                FlipView view = view(damaged, root);
                assertThat(view.reported())
                        .as("octet %s of %s is reported", at, file)
                        .isTrue();
                assertThat(view.letters()).doesNotContainKey(id);
                assertThat(view.filed()).doesNotContainKey(id);
                assertThat(view.letters().size() + view.filed().size())
                        .as("all others")
                        .isEqualTo(whole.letters().size() + whole.filed().size() - 1);
            }
        }
    }

    private void run(List<Flip> flips) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Void>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int first = i;
                Path place = Files.createDirectories(temp.resolve("place-" + i));
                parts.add(threads.submit(() -> {
                    for (int n = first; n < flips.size(); n += THREADS) {
                        check(flips.get(n), place);
                        if (done.incrementAndGet() % PROGRESS == 0) {
                            LOG.warn("{} of {} bits flipped", done, flips.size());
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> part : parts) {
                part.get(2, TimeUnit.HOURS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void check(Flip flip, Path place) throws Exception {
        Map<Path, byte[]> damaged = new TreeMap<>(image);
        damaged.put(flip.file(), flip.in(image.get(flip.file())));
        try {
            check(view(damaged, place), flip);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("a bit flipped in " + flip, e);
        }
    }

    private void check(FlipView view, Flip flip) {
        assertThat(view.reported() || !flip.hasMeaning()).as("reported").isTrue();
        reported.addAndGet(view.reported() ? 1 : 0);
        Set<SpoolId> touched = flip.hasMeaning() ? flip.touched() : Set.of();
        long queued = 0;
        for (SpoolId id : journal.known()) {
            FlipView.Letter letter = view.letters().get(id);
            queued += letter != null && !letter.complete() ? 1 : 0;
            boolean same = Objects.equals(letter, whole.letters().get(id))
                    && Objects.equals(view.filed().get(id), whole.filed().get(id));
            if (!same) {
                assertThat(touched).as("messages that the record is about").contains(id);
                checkTouched(id, letter, view.filed().get(id));
            }
        }
        assertThat(view.queued()).as("messages in the queue").isBetween(queued, queued + touched.size());
    }

    /** Gone, or as it was before: never with other octets than those that it had. */
    private void checkTouched(SpoolId id, FlipView.Letter letter, FlipView.Filed filed) {
        ByteBuffer text = ByteBuffer.wrap(journal.texts.get(id).getBytes(StandardCharsets.UTF_8));
        if (filed != null) {
            assertThat(filed.content()).isEqualTo(text);
        }
        if (letter != null && !letter.complete()) {
            assertThat(letter.accepted()).isEqualTo(text);
            FlipView.Letter before = whole.letters().get(id);
            assertThat(letter.content()).isIn(text, before == null ? text : before.content());
        }
        (letter == null && filed == null ? gone : older).incrementAndGet();
    }
}
