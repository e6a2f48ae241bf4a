package io.spooler.benchmarks;

import io.spooler.settings.SettingsException;
import io.spooler.store.file.FileStore;
import io.spooler.store.file.StoreOptions;
import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Stores as users have them. */
final class Stores {

    private static final int PATIENCE_SECONDS = 120;
    private static final int RESERVE_SECONDS = 60;
    private static final long STEP_MILLIS = 20;

    private Stores() {}

    static StoreOptions options(Path directory, Map<String, String> settings) throws SettingsException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("directory", directory.toString());
        return StoreOptions.of(all);
    }

    static FileStore open(Path directory, Map<String, String> settings, Disk disk)
            throws IOException, SettingsException {
        return FileStore.open(options(directory, settings), disk, Clock.systemUTC());
    }

    /**
     * Opens an empty store, and waits for its reserve: that is made once in the life of a store, behind its opening, and
     * would weigh on a short round.
     */
    static FileStore fresh(Path directory, Map<String, String> settings, Disk disk) throws Exception {
        FileStore store = open(directory, settings, disk);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RESERVE_SECONDS);
        while (!Files.exists(directory.resolve("journal/spare"))) {
            if (System.nanoTime() > end) {
                store.close();
                throw new IOException("the store made no reserve in " + RESERVE_SECONDS + " s; is the disk full?");
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
        return store;
    }

    /**
     * Waits for a stage.
     *
     * @throws Exception what it completed with, or that it did not in two minutes
     */
    static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the store did not answer in " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
