package io.spooler.itests.instance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What the store of an instance holds. A message that was refused or cut off must not be found in it. */
final class Holdings {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Holdings() {}

    /** By its own check, which must find that all is well: records, messages, contents, octets. */
    static List<Object> of(Instance instance) throws IOException {
        return JSON.std.listFrom(instance.sh("spooler:store check --json").ok());
    }

    /** Waits until so many contents have files of their own, those that are still coming included. */
    static void awaitFiles(Path store, int count) {
        File directory = store.resolve("content").toFile();
        await(count + " files in " + directory)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Objects.requireNonNullElse(directory.list(), new String[0]).length == count);
    }
}
