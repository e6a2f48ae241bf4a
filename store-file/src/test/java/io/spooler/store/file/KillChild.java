package io.spooler.store.file;

import io.spooler.Draft;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.testkit.StoreKit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The process that is killed: opens the store, tells what is in the queue, then accepts and delivers until it dies, or
 * until the store stops because somebody took the disk away; when the string is pulled nobody waits for anything else.
 * Each line on its output was written before the next step was taken:
 *
 * <pre>
 *  O millis   opened           Q id ok|bad   in the queue when opened    L   all of that was told
 *  A id       accepted         D id          delivered, not yet settled  C id   settled
 *  S id       served at once   M id ok|bad   its copy when opened, which is removed then
 *  X reason   refused          E             the store has stopped, and nobody writes any more
 * </pre>
 */
final class KillChild {

    private static final int WRITERS = 4;
    private static final int MOST_QUEUED = 300;
    private static final int LARGE_EVERY = 40;
    private static final int SERVED_EVERY = 7;
    private static final OwnPart PART = new OwnPart(
            "own",
            List.of(new OwnPart.Placement(
                    List.of(0), new Folders.Filing("ann", Mailboxes.INBOX, "mail", null, Set.of()))),
            false);

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
    private final FileStore store;

    /** Writers wait for deliveries: a queue that grows would make each start longer than the last. */
    private final Semaphore room = new Semaphore(MOST_QUEUED);

    private KillChild(Path directory) throws Exception {
        new Thread(() -> ChildProcess.hear(() -> room.release(MOST_QUEUED)), "parent").start();
        long started = System.nanoTime();
        store = TestStores.open(directory, Clock.systemUTC());
        out.println("O " + (System.nanoTime() - started) / 1_000_000);
    }

    public static void main(String[] arguments) throws Exception {
        new KillChild(Path.of(arguments[0])).run();
    }

    private void run() throws Exception {
        tell();
        room.acquire((int) Math.min(MOST_QUEUED, store.status().messages()));
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Thread writer = new Thread(this::write, "writer-" + i);
            writers.add(writer);
            writer.start();
        }
        deliver();
        for (Thread writer : writers) {
            writer.join();
        }
        out.println("E");
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
        tellCopies();
        out.println("L");
    }

    private void tellCopies() throws Exception {
        for (Mailboxes.Entry copy : store.folders().list("ann", Mailboxes.INBOX, -1, Integer.MAX_VALUE)) {
            String text = StoreKit.text(store.folders().content(copy.id()).orElseThrow());
            SpoolId message = SpoolId.parse(text.substring(0, text.indexOf('\n')));
            out.println("M " + message + (text.equals(text(message, text.length())) ? " ok" : " bad"));
            store.folders().delete(copy.id());
        }
    }

    private static String text(SpoolId id, int size) {
        return (id + "\n").repeat(size / (id.toString().length() + 1));
    }

    private void write() {
        int count = 0;
        while (store.status().condition() != Condition.FAILED) {
            try {
                int size = ++count % LARGE_EVERY == 0 ? 100_000 : 1000 + count % 7 * 300;
                if (count % SERVED_EVERY == 0) {
                    serve(size);
                } else {
                    room.acquire();
                    write(size);
                }
            } catch (Exception e) {
                out.println("X " + e);
            }
        }
    }

    private void write(int size) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, text(draft.id(), size));
            out.println("A " + StoreKit.get(draft.commit()));
        }
    }

    private void serve(int size) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("LOCAL:ann"), PART)) {
            StoreKit.write(draft, text(draft.id(), size));
            out.println("S " + StoreKit.get(draft.commit()));
        }
    }

    private void deliver() {
        try {
            while (store.status().condition() != Condition.FAILED) {
                for (Claim claim : store.claim(5, Instant.now(), StoreKit.LEASE)) {
                    deliver(claim);
                }
            }
        } catch (Exception e) {
            out.println("X " + e);
        }
    }

    private void deliver(Claim claim) throws Exception {
        SpoolId id = claim.message().id();
        out.println("D " + id);
        StoreKit.get(store.settle(
                claim, new Settlement(null, List.of(StoreKit.to(0, RecipientState.RELAYED, null)), true)));
        out.println("C " + id);
        room.release();
    }
}
