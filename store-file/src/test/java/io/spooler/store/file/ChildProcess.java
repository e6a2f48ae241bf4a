package io.spooler.store.file;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another virtual machine with these classes; its input is a string to pull and ends when we do. */
final class ChildProcess {

    private static final int PATIENCE_SECONDS = 60;
    private static final int LAST_WORDS_SECONDS = 5;

    private ChildProcess() {}

    /**
     * Starts it; it is ended if it is still there after a minute, so that nobody waits for ever for its lines. Before that it
     * tells, among its lines, where its threads are.
     */
    static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> ask(child));
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS + LAST_WORDS_SECONDS, TimeUnit.SECONDS)
                .execute(() -> kill(child));
        return child;
    }

    private static void ask(Process child) {
        if (child.isAlive()) {
            try {
                new ProcessBuilder("kill", "-QUIT", Long.toString(child.pid()))
                        .inheritIO()
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As kill -9; what it wrote before is still to be read, which Process.destroyForcibly would prevent. */
    static void kill(Process child) {
        child.toHandle().destroyForcibly();
    }

    /** Makes {@link #hear} of the child do something. */
    static void pull(Process child) throws IOException {
        OutputStream string = child.getOutputStream();
        string.write('\n');
        string.flush();
    }

    /** In the child, on a thread of its own: ends it with the parent, as nobody else would. */
    static void hear(Runnable pulled) {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
            while (in.read() >= 0) {
                pulled.run();
            }
        } catch (IOException e) {
            // As good as an end.
        }
        Runtime.getRuntime().halt(1);
    }
}
