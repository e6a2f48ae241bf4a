package io.spooler.shell;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a file that something was done by this process: statics are lost when a bundle is updated. Where there is
 * no file, or it cannot be used, nothing is remembered.
 *
 * @param file kept by the framework for the bundle, or null
 */
record OncePerProcess(@Nullable File file) {

    private static final Logger LOG = LoggerFactory.getLogger(OncePerProcess.class);

    /**
     * Tells whether it was done already.
     *
     * @return true after {@link #done()} in the same process
     */
    boolean isDone() {
        try {
            return file != null
                    && file.exists()
                    && Files.readString(Path.of(file.getPath())).equals(process());
        } catch (IOException e) {
            LOG.debug("cannot remember: {}", e.toString());
            return false;
        }
    }

    /** Remembers. */
    void done() {
        try {
            if (file != null) {
                Files.writeString(Path.of(file.getPath()), process());
            }
        } catch (IOException e) {
            LOG.debug("cannot remember: {}", e.toString());
        }
    }

    /** Process ids come again, but not at the same time. */
    private static String process() {
        ProcessHandle self = ProcessHandle.current();
        return self.pid() + " " + self.info().startInstant();
    }
}
