package io.spooler.shell;

import io.spooler.Content;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A store to be looked after, for tests of the shell. */
final class FakeStore implements StoreMaintenance {

    static final Instant NOON = Fakes.NOON;

    final List<StoreCheck.Problem> problems = new ArrayList<>();
    final Map<SpoolId, String> messages = new LinkedHashMap<>();
    final Map<String, String> quarantine = new TreeMap<>();
    SpoolException stopped;

    @Override
    public StoreCheck check(Consumer<String> progress) {
        progress.accept("journal segment 1 of 1");
        return new StoreCheck(
                3,
                4096,
                Map.of("MESSAGE", 7L, "DELTA", 0L),
                5,
                2,
                1,
                new StoreCheck.Contents(6, 600, 0, 0, problems.size(), 0),
                problems,
                0);
    }

    @Override
    public Compaction compact(Consumer<String> progress) throws SpoolException {
        checkRunning();
        return new Compaction(2, 4096, 1024, "");
    }

    private void checkRunning() throws SpoolException {
        if (stopped != null) {
            throw stopped;
        }
    }

    @Override
    public Optional<Content> content(SpoolId id) throws SpoolException {
        checkRunning();
        return Optional.ofNullable(messages.get(id)).map(Fakes::contentOf);
    }

    @Override
    public List<Quarantined> quarantine() {
        return quarantine.entrySet().stream()
                .map(e -> new Quarantined(
                        e.getKey(), e.getValue().getBytes(StandardCharsets.UTF_8).length, NOON, "some octets"))
                .toList();
    }

    @Override
    public Optional<Content> quarantined(String name) {
        return Optional.ofNullable(quarantine.get(name)).map(Fakes::contentOf);
    }

    @Override
    public boolean drop(String name) {
        return quarantine.remove(name) != null;
    }
}
