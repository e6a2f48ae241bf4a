package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lives of a {@link KillChild} over one directory, which end by force; each begins with a start on what the one
 * before has left. Keeps the books over all of them: what was acknowledged is there unless it was settled, what was
 * settled does not come back, and only what was in flight at an end is delivered twice.
 */
final class Lives {

    /** How a life ends. */
    @FunctionalInterface
    interface Ending {

        /** Ends the child, or takes away what it lives on: then it may fail, says so, and is killed. */
        void end(Process child) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger("lives"); // the store's own are off
    private static final int MOST_LINES = 1500;

    private final Path directory;
    private final Ending ending;
    private final boolean heard;
    private final Random random = new Random();
    private final Set<String> accepted = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> queued = new HashSet<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Set<String> unheard = new HashSet<>();
    private int missing;
    private final Set<String> served = new HashSet<>();
    private final Set<String> copies = new HashSet<>();
    private int duplicates;
    private int failures;
    private long slowest;
    private boolean listed;
    private boolean ended;

    /**
     * Lives over a directory.
     *
     * @param heard whether what a child says after the order to end it counts. Nobody hears it where the power goes; what
     *     is called accepted meanwhile and is not there is counted all the same
     */
    Lives(Path directory, Ending ending, boolean heard) {
        this.directory = directory;
        this.ending = ending;
        this.heard = heard;
    }

    /** One life; the first lines are about what the former one left. */
    void live() throws IOException, InterruptedException {
        inFlight.clear();
        inFlight.addAll(delivered);
        inFlight.removeAll(settled);
        queued.clear();
        listed = false;
        ended = false;
        Process child = ChildProcess.start(KillChild.class, directory.toString());
        try (BufferedReader lines = child.inputReader()) {
            read(lines, child);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(listed).as("the child opened the store and told the queue").isTrue();
        assertThat(ended).as("the child lived until it was ended").isTrue();
    }

    private void read(BufferedReader lines, Process child) throws IOException {
        int left = 1 + random.nextInt(MOST_LINES);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            take(line);
            if (line.equals("E")) {
                failures++;
                ChildProcess.kill(child);
            } else if (listed && --left == 0) {
                ended = true;
                ending.end(child);
            }
        }
    }

    private void take(String line) {
        String[] words = line.split(" ", 3);
        if (ended && !heard && Set.of("A", "C", "S").contains(words[0])) {
            if (words[0].equals("A")) {
                unheard.add(words[1]);
            }
            return;
        }
        switch (words[0]) {
            case "O" -> slowest = Math.max(slowest, Long.parseLong(words[1]));
            case "Q" -> {
                assertThat(line).endsWith(" ok");
                queued.add(words[1]);
            }
            case "L" -> checkQueue();
            case "A" -> accepted.add(words[1]);
            case "D" -> {
                if (!delivered.add(words[1])) {
                    duplicates++;
                    assertThat(inFlight).as("delivered twice").contains(words[1]);
                }
            }
            case "C" -> settled.add(words[1]);
            case "S" -> served.add(words[1]);
            case "M" -> {
                assertThat(line).endsWith(" ok");
                assertThat(copies.add(words[1])).as("filed once").isTrue();
            }
            default -> {
                // The last line of the dead may be cut; one that does not die tells where its threads are.
                boolean failed = line.startsWith("X");
                assertThat(ended || !failed).as(line).isTrue();
                if (!failed && !line.equals("E")) {
                    LOG.warn("{}", line);
                }
            }
        }
    }

    private void checkQueue() {
        listed = true;
        Set<String> wanted = new HashSet<>(accepted);
        wanted.removeAll(settled);
        wanted.removeAll(inFlight);
        assertThat(queued).as("accepted and not lost").containsAll(wanted);
        unheard.removeAll(queued);
        unheard.removeAll(delivered);
        missing += unheard.size();
        unheard.clear();
        assertThat(copies).as("served and filed").containsAll(served);
        assertThat(queued).as("settled and not back").noneMatch(settled::contains);
    }

    /** Messages that were acknowledged. */
    int accepted() {
        return accepted.size();
    }

    /** Lives in which the store noticed its end and said so. */
    int failures() {
        return failures;
    }

    /** Milliseconds of the slowest opening. */
    long slowest() {
        return slowest;
    }

    @Override
    public String toString() {
        return "%d accepted, %d settled, %d delivered twice, slowest start %d ms, %d called accepted in their end and missing"
                .formatted(accepted.size(), settled.size(), duplicates, slowest, missing);
    }
}
