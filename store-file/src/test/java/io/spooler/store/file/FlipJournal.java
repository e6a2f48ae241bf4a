package io.spooler.store.file;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes.Entry;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.store.file.content.Limits;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A journal of a thousand messages and more in a few segments, with every kind of record in it: outcomes whole and in
 * pieces, new versions, claims, folders, space given back, contents in files of their own, and two runs.
 */
final class FlipJournal {

    static final int MESSAGES = 1000;

    private static final int INLINE = 4096;
    private static final int SEGMENT = 64 * 1024;
    private static final int RECIPIENTS = 40;

    final ManualClock clock = new ManualClock();
    final Map<SpoolId, String> texts = new HashMap<>();
    private final List<SpoolId> ids = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final MemoryDisk disk = new MemoryDisk(MemoryDisk.Log.NONE);
    private final Random random = new Random(1);
    private final Path root;

    FlipJournal(Path root) {
        this.root = root;
    }

    static StoreOptions options(Path root) {
        return new StoreOptions(
                root, new Limits(1 << 20, RECIPIENTS, INLINE), Duration.ofDays(3), 10 * MESSAGES, SEGMENT, 0, 0, "");
    }

    /** A thousand small messages and nothing else, so that each of its octets can have its turn. */
    Map<Path, byte[]> writePlain() throws Exception {
        try (StoreKit kit = open()) {
            for (int i = 0; i < MESSAGES; i++) {
                String text = text("Subject: message " + i, 30 + random.nextInt(20));
                ids.add(submit(kit.store(), StoreKit.to("user@example.org"), text));
            }
        }
        return disk.image();
    }

    /** Writes it; the result is what is on the disk after a clean end. */
    Map<Path, byte[]> write() throws Exception {
        try (StoreKit kit = open()) {
            for (int i = 0; i < 20; i++) {
                entries.add(file(kit, "ann", i % 2 == 0 ? "INBOX" : "Old"));
            }
            giveSpaceBack(kit);
            for (int i = 0; i < MESSAGES; i++) {
                ids.add(submit(kit, i));
            }
            outcomes(kit, 0, MESSAGES / 2);
        }
        try (StoreKit kit = open()) {
            outcomes(kit, MESSAGES / 2, MESSAGES);
            changeFolders(kit);
        }
        return disk.image();
    }

    private StoreKit open() {
        return StoreKit.durable(c -> FileStore.open(options(root), disk, clock), TestStores::close);
    }

    private String text(String name, int size) {
        StringBuilder text = new StringBuilder(name).append("\r\n\r\n");
        while (text.length() < size) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private SpoolId submit(MessageStore store, Envelope envelope, String text) throws Exception {
        try (Draft draft = store.begin(envelope)) {
            StoreKit.write(draft, text);
            texts.put(draft.id(), text);
            return StoreKit.get(draft.commit());
        }
    }

    private SpoolId submit(StoreKit kit, int i) throws Exception {
        String[] recipients = new String[i % 100 == 55 ? RECIPIENTS : 1 + i % 2];
        Arrays.setAll(recipients, r -> "user" + r + "@example.org");
        Envelope envelope = StoreKit.to(recipients);
        if (i % 20 == 4) {
            envelope = envelope.with(Envelope.Options.DEFAULT.withIdempotencyKey("key " + i));
        }
        int size = i % 125 == 8 ? INLINE + 500 : 30 + random.nextInt(60);
        return submit(kit.store(), envelope, text("Subject: message " + i, size));
    }

    private void giveSpaceBack(StoreKit kit) throws Exception {
        for (int i = 0; i < 60; i++) {
            SpoolId id = submit(kit.store(), StoreKit.to("bulk@example.org"), text("bulk " + i, INLINE));
            kit.complete(claim(kit, id));
        }
        ((FileStore) kit.store()).care();
    }

    private Claim claim(StoreKit kit, SpoolId id) throws Exception {
        Claim claim = kit.store().claim(id, clock.instant(), StoreKit.LEASE).orElseThrow();
        kit.settle(claim, Settlement.BEGINS);
        return claim;
    }

    private void outcomes(StoreKit kit, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            if (i % 100 == 55) {
                deliverSome(kit, claim(kit, ids.get(i)));
            } else if (i % 10 < 5) {
                outcome(kit, i, claim(kit, ids.get(i)));
            }
        }
    }

    private void outcome(StoreKit kit, int i, Claim claim) throws Exception {
        switch (i % 10) {
            case 0 -> kit.complete(claim);
            case 1 -> kit.settle(claim, RecipientState.DEFERRED, clock.instant().plusSeconds(3600));
            case 2 -> kit.settle(claim, RecipientState.HELD, null);
            case 3 -> kit.store().release(claim);
            default -> change(kit, i, claim);
        }
    }

    private void deliverSome(StoreKit kit, Claim claim) throws Exception {
        for (int i = 0; i < 5; i++) {
            kit.settle(claim, Settlement.of(List.of(StoreKit.to(i * 7, RecipientState.RELAYED, null))));
        }
        kit.store().release(claim);
    }

    private void change(StoreKit kit, int i, Claim claim) throws Exception {
        if (i % 20 == 4) {
            Settlement.Prepared prepared = new Settlement.Prepared("X-Header: " + i + "\r\n", null, List.of("hook"));
            kit.settle(claim, new Settlement(prepared, List.of(), false));
        } else {
            try (Draft draft = kit.store().revise(claim)) {
                StoreKit.write(draft, text("Subject: changed " + i, 40 + random.nextInt(60)));
                StoreKit.get(draft.commit());
            }
            if (i % 100 == 14) {
                // Its new content is in the record before the one that tells its state.
                kit.settle(claim, RecipientState.DEFERRED, clock.instant().plusSeconds(3600));
                return;
            }
        }
        kit.store().release(claim);
    }

    private Entry file(StoreKit kit, String mailbox, String folder) throws Exception {
        try (Folders.Incoming incoming = kit.store().folders().receive()) {
            String text = text("filed", entries.size() == 7 ? INLINE + 500 : 60);
            StoreKit.write(incoming, text);
            Address sender = Address.smtp("sender@example.org");
            Entry entry = StoreKit.get(
                    incoming.file(new Folders.Filing(mailbox, folder, "mail", sender, Set.of("\\Recent"))));
            texts.put(entry.id(), text);
            return entry;
        }
    }

    private void changeFolders(StoreKit kit) throws Exception {
        Folders folders = kit.store().folders();
        for (int i = 0; i < 20; i++) {
            entries.add(file(kit, "bob", "INBOX"));
        }
        for (int i = 0; i < entries.size(); i += 3) {
            folders.mark(entries.get(i).id(), Set.of("\\Seen"));
        }
        for (int i = 1; i < entries.size(); i += 6) {
            folders.delete(entries.get(i).id());
        }
    }

    /** Everything that was ever submitted or filed. */
    Set<SpoolId> known() {
        return texts.keySet();
    }
}
