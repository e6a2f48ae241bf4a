package io.spooler.store.file;

import io.spooler.Draft;
import io.spooler.SpoolId;
import io.spooler.store.file.journal.LocalDisk;
import io.spooler.testkit.StoreKit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;

/**
 * A process that opens a store, claims a message, fills the queue up to a number and waits to be killed. Says, in this
 * order:
 *
 * <pre>
 *  opened millis      before count     claimed count     lent millis     messages count
 * </pre>
 */
final class FillChild {

    private static final int PENDING = 2000;
    private static final int SEGMENT = 64 << 20;

    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);

    private FillChild() {}

    public static void main(String[] arguments) throws Exception {
        new Thread(() -> ChildProcess.hear(() -> {}), "parent").start();
        long started = System.nanoTime();
        FileStore store =
                FileStore.open(TestStores.options(Path.of(arguments[0]), SEGMENT), new LocalDisk(), Clock.systemUTC());
        say("opened", millisSince(started));
        say("before", store.status().messages());
        long opened = System.nanoTime();
        say("claimed", store.claim(1, Instant.now(), StoreKit.LEASE).size());
        say("lent", millisSince(opened));
        fill(store, Integer.parseInt(arguments[1]));
        say("messages", store.status().messages());
    }

    private static void say(String what, long number) {
        OUT.println(what + " " + number);
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static void fill(FileStore store, int wanted) throws Exception {
        Deque<CompletionStage<SpoolId>> pending = new ArrayDeque<>();
        for (long i = store.status().messages(); i < wanted; i++) {
            try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
                StoreKit.write(draft, "message " + i);
                pending.add(draft.commit());
            }
            if (pending.size() == PENDING) {
                StoreKit.get(pending.remove());
            }
        }
        for (CompletionStage<SpoolId> stage : pending) {
            StoreKit.get(stage);
        }
    }
}
