package io.spooler.store.file;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.OwnPart;
import io.spooler.store.Settlement;
import io.spooler.store.file.MemoryDisk.Operation;
import io.spooler.store.file.content.Limits;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A life of a store, recorded: every operation on its disk, and between them every promise at the very moment it was
 * made. It has small and large contents, batches of several, new versions, folders, messages of which a part or all is
 * served at once, outcomes, segments that fill and are given back, a clean end, a start, and an end in the middle.
 */
final class PowerTrace implements MemoryDisk.Log {

    static final int SEGMENT = 6 * 1024;
    static final int INLINE = 1024;

    enum Kind {
        ACCEPTED,
        REVISED,
        COMPLETING,
        COMPLETED,
        RELAYED,
        FILED,
        SERVED
    }

    /** Made when so many operations had happened. */
    record Promise(int operations, Kind kind, SpoolId id) {}

    final List<Operation> operations = new ArrayList<>();
    final List<Promise> promises = new ArrayList<>();
    final Map<SpoolId, String> texts = new LinkedHashMap<>();
    final Map<SpoolId, String> revisions = new LinkedHashMap<>();
    final Map<SpoolId, List<SpoolId>> copies = new ConcurrentHashMap<>();
    final ManualClock clock = new ManualClock();

    private final Predicate<Operation> kept;
    private final Path root;
    private final Random random;
    private final int crowd;
    private final ReentrantLock gate = new ReentrantLock();

    /** A trace in which some operations do nothing; another seed, other sizes; a crowd in the largest batch. */
    PowerTrace(Path root, Predicate<Operation> kept, long seed, int crowd) {
        this.crowd = crowd;
        this.random = new Random(seed);
        this.root = root;
        this.kept = kept;
    }

    @Override
    public void add(Operation operation) {
        gate.lock();
        try {
            keep(operation);
        } finally {
            gate.unlock();
        }
    }

    private synchronized void keep(Operation operation) {
        if (kept.test(operation)) {
            operations.add(operation);
        }
    }

    private synchronized void promise(Kind kind, SpoolId id) {
        promises.add(new Promise(operations.size(), kind, id));
    }

    static StoreOptions options(Path root) {
        return new StoreOptions(root, new Limits(1 << 20, 10, INLINE), Duration.ofDays(3), 2, SEGMENT, 0, 0, "");
    }

    /** Lives that life. */
    PowerTrace record() throws Exception {
        MemoryDisk disk = new MemoryDisk(this);
        try (FileStore store = FileStore.open(options(root), disk, clock)) {
            firstRun(store);
        }
        FileStore store = FileStore.open(options(root), disk, clock);
        secondRun(store);
        int end = operations.size();
        int promised = promises.size();
        store.close();
        operations.subList(end, operations.size()).clear();
        promises.subList(promised, promises.size()).clear();
        return this;
    }

    private void firstRun(FileStore store) throws Exception {
        for (int i = 0; i < 3; i++) {
            StoreKit.get(submit(store, "small " + i));
        }
        StoreKit.get(submit(store, large("first")));
        together(store, crowd / 2);
        file(store, "filed");
        StoreKit.get(commit(serving(store, true, large("served"))));
        List<Claim> claims = store.claim(6, clock.instant(), StoreKit.LEASE);
        complete(store, claims.get(0));
        relay(store, claims.get(1));
        revise(store, claims.get(2), large("revised"));
        store.release(claims.get(2));
        fillAndFinish(store, 9);
        // Never committed.
        StoreKit.write(store.begin(StoreKit.to("nobody@example.org")), large("draft"));
        store.care();
        StoreKit.get(submit(store, "after the care"));
    }

    private void secondRun(FileStore store) throws Exception {
        List<Claim> claims = store.claim(20, clock.instant(), StoreKit.LEASE);
        complete(store, claims.get(claims.size() - 1));
        revise(store, claims.get(0), "revised in the journal");
        claims.forEach(store::release);
        StoreKit.get(submit(store, large("third")));
        fillAndFinish(store, 9);
        store.care();
        store.care();
        together(store, crowd);
    }

    private String large(String name) {
        return text(name, INLINE + 100 + random.nextInt(1500));
    }

    /** Every block of it is different. */
    private String text(String name, int size) {
        StringBuilder text = new StringBuilder(size + 20);
        while (text.length() < size) {
            text.append(name).append(' ').append(text.length()).append(' ');
        }
        return text.toString();
    }

    private CompletionStage<SpoolId> submit(FileStore store, String text) throws Exception {
        try (Draft draft = draft(store, text)) {
            return commit(draft);
        }
    }

    private Draft draft(FileStore store, String text) throws Exception {
        return written(store.begin(StoreKit.to("ann@example.org", "bob@example.org")), text);
    }

    /** Either all are served, with two copies, or one of two with one. */
    private Draft serving(FileStore store, boolean all, String text) throws Exception {
        List<OwnPart.Placement> placements =
                all ? List.of(placement(0, "ann"), placement(1, "bob")) : List.of(placement(0, "ann"));
        Envelope envelope = StoreKit.to("LOCAL:ann", "bob@example.org");
        return written(store.begin(envelope, new OwnPart("own", placements, false)), text);
    }

    private static OwnPart.Placement placement(int recipient, String mailbox) {
        return new OwnPart.Placement(
                List.of(recipient), new Folders.Filing(mailbox, Mailboxes.INBOX, "mail", null, Set.of()));
    }

    private Draft written(Draft draft, String text) throws Exception {
        StoreKit.write(draft, text);
        texts.put(draft.id(), text);
        return draft;
    }

    private CompletionStage<SpoolId> commit(Draft draft) {
        return draft.commit().thenApply(id -> {
            boolean finished = false;
            if (draft instanceof CoupledStore.Serving serving) {
                CoupledStore.Served served = serving.served().orElseThrow();
                copies.put(id, served.copies().stream().map(Mailboxes.Entry::id).toList());
                promise(Kind.SERVED, id);
                finished = served.status().complete();
            }
            promise(finished ? Kind.COMPLETED : Kind.ACCEPTED, id);
            return id;
        });
    }

    /** All in one batch, or two: the disk stands still until all are committed. */
    private void together(FileStore store, int count) throws Exception {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = i % 4 == 3 ? large("together " + i) : text("together " + i, 20 + random.nextInt(700));
            drafts.add(i % 3 == 0 ? draft(store, text) : serving(store, i % 3 == 1, text));
        }
        List<CompletionStage<SpoolId>> stages = new ArrayList<>();
        gate.lock();
        try {
            drafts.forEach(draft -> stages.add(commit(draft)));
        } finally {
            gate.unlock();
        }
        for (CompletionStage<SpoolId> stage : stages) {
            StoreKit.get(stage);
        }
    }

    private void file(FileStore store, String text) throws Exception {
        try (Folders.Incoming incoming = store.folders().receive()) {
            StoreKit.write(incoming, text);
            CompletionStage<Mailboxes.Entry> stage =
                    incoming.file(new Folders.Filing("ann", Mailboxes.INBOX, "mail", null, Set.of()));
            StoreKit.get(stage.thenApply(entry -> {
                texts.put(entry.id(), text);
                promise(Kind.FILED, entry.id());
                return entry;
            }));
        }
    }

    private void relay(FileStore store, Claim claim) throws Exception {
        SpoolId id = claim.message().id();
        StoreKit.get(store.settle(claim, Settlement.of(List.of(StoreKit.to(1, RecipientState.RELAYED, null))))
                .thenAccept(done -> promise(Kind.RELAYED, id)));
        store.release(claim);
    }

    private void revise(FileStore store, Claim claim, String text) throws Exception {
        SpoolId id = claim.message().id();
        try (Draft draft = store.revise(claim)) {
            StoreKit.write(draft, text);
            // Neither the former nor this one is promised before the commit has completed.
            revisions.put(id, text);
            StoreKit.get(draft.commit().thenAccept(done -> promise(Kind.REVISED, id)));
        }
    }

    private void complete(FileStore store, Claim claim) throws Exception {
        SpoolId id = claim.message().id();
        List<Settlement.Transition> both = claim.due().stream()
                .map(i -> StoreKit.to(i, RecipientState.DELIVERED, null))
                .toList();
        promise(Kind.COMPLETING, id);
        StoreKit.get(
                store.settle(claim, new Settlement(null, both, true)).thenAccept(done -> promise(Kind.COMPLETED, id)));
    }

    /** Accepted in one segment, finished in another. */
    private void fillAndFinish(FileStore store, int count) throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(StoreKit.get(submit(store, text("bulk " + i, 700 + random.nextInt(300)))));
        }
        for (SpoolId id : ids) {
            complete(store, store.claim(id, clock.instant(), StoreKit.LEASE).orElseThrow());
        }
    }
}
