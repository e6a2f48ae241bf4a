package io.spooler.store.file;

import io.spooler.Draft;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.testkit.StoreKit;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The process that is killed: opens the store, tells what is in the queue, then accepts and delivers until it dies.
 * Each line on its output was written before the next step was taken:
 *
 * <pre>
 *  O millis   opened           Q id ok|bad   in the queue when opened    L   all of that was told
 *  A id       accepted         D id          delivered, not yet settled  C id   settled
 * </pre>
 */
final class KillChild {

    private static final int WRITERS = 4;
    private static final int MOST_QUEUED = 300;
    private static final int LARGE_EVERY = 40;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
    private final FileStore store;

    /** Writers wait for deliveries: a queue that grows would make each start longer than the last. */
    private final Semaphore room = new Semaphore(MOST_QUEUED);

    private KillChild(Path directory) throws Exception {
        long started = System.nanoTime();
        store = TestStores.open(directory, Clock.systemUTC());
        out.println("O " + (System.nanoTime() - started) / 1_000_000);
    }

    public static void main(String[] arguments) throws Exception {
        new Thread(KillChild::endWithTheParent, "parent").start();
        KillChild child = new KillChild(Path.of(arguments[0]));
        child.tell();
        child.room.acquire((int) Math.min(MOST_QUEUED, child.store.status().messages()));
        for (int i = 0; i < WRITERS; i++) {
            new Thread(child::write, "writer-" + i).start();
        }
        child.deliver();
    }

    /** Our input ends when the parent does, however that was: nobody else would end us. */
    private static void endWithTheParent() {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
            while (in.read() >= 0) {
                // It says nothing.
            }
        } catch (IOException e) {
            // As good as an end.
        }
        Runtime.getRuntime().halt(1);
    }

    private void tell() throws Exception {
        SpoolId last = null;
        List<MessageStatus> page = store.query(QueueFilter.ALL, null, 500);
        while (!page.isEmpty()) {
            for (MessageStatus message : page) {
                last = message.id();
                String text = StoreKit.text(store.find(last).orElseThrow().content());
                boolean right = text.length() == message.size() && text.equals(text(last, text.length()));
                out.println("Q " + last + (right ? " ok" : " bad"));
            }
            page = store.query(QueueFilter.ALL, last, 500);
        }
        out.println("L");
    }

    private static String text(SpoolId id, int size) {
        return (id + "\n").repeat(size / (id.toString().length() + 1));
    }

    private void write() {
        try {
            for (int i = 1; true; i++) {
                room.acquire();
                try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
                    StoreKit.write(draft, text(draft.id(), i % LARGE_EVERY == 0 ? 100_000 : 1000 + i % 7 * 300));
                    out.println("A " + StoreKit.get(draft.commit()));
                }
            }
        } catch (Exception e) {
            out.println("X " + e);
        }
    }

    private void deliver() throws Exception {
        while (true) {
            for (Claim claim : store.claim(5, Instant.now(), StoreKit.LEASE)) {
                SpoolId id = claim.message().id();
                out.println("D " + id);
                StoreKit.get(store.settle(
                        claim, new Settlement(null, List.of(StoreKit.to(0, RecipientState.RELAYED, null)), true)));
                out.println("C " + id);
                room.release();
            }
        }
    }
}
