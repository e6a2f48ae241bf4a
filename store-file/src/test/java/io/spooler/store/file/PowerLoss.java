package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Content;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import io.spooler.store.file.Platter.Block;
import io.spooler.store.file.Platter.Tail;
import io.spooler.store.file.PowerTrace.Kind;
import io.spooler.store.file.PowerTrace.Promise;
import io.spooler.store.file.journal.Sums;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes the power away after each operation of a trace, in every way that the size allows, opens the store on what is
 * left and holds it to its promises. One thread each; several may share a trace.
 *
 * @param trace what happened
 * @param root where the trace was recorded
 * @param place a real directory of our own, for the lock
 * @param exhaustive up to so many open blocks all subsets are tried
 * @param random so many subsets at random beyond that
 * @param sums false if the reader is not to check sums
 */
record PowerLoss(PowerTrace trace, Path root, Path place, int exhaustive, int random, boolean sums) {

    private static final int ALL_NAMES = 3;

    /** Checks the prefixes {@code first}, {@code first + step}, …; the result is the number of different states. */
    int run(int first, int step) throws Exception {
        Platter platter = new Platter();
        int states = 0;
        for (int prefix = 0; prefix <= trace.operations.size(); prefix++) {
            if (prefix > 0) {
                platter.apply(trace.operations.get(prefix - 1));
            }
            if (prefix % step == first) {
                states += lose(platter, prefix);
            }
        }
        return states;
    }

    private int lose(Platter platter, int prefix) throws Exception {
        Set<Integer> seen = new HashSet<>();
        List<Block> open = platter.openBlocks();
        Random dice = new Random(prefix);
        Promised promised = new Promised(trace, prefix);
        Set<BitSet> names = subsets(platter.openNames(), ALL_NAMES, 0, dice);
        for (BitSet written : subsets(open.size(), exhaustive, random, dice)) {
            for (BitSet named : names) {
                for (Tail tail : Tail.values()) {
                    Map<Path, byte[]> image = platter.image(open, written, named, tail);
                    if (seen.add(hash(image))) {
                        String state = "power lost after operation %d, %s of %s written, names %s of %d, %s"
                                .formatted(prefix, written, open, named, platter.openNames(), tail);
                        check(image, promised, state);
                    }
                }
            }
        }
        return seen.size();
    }

    private static int hash(Map<Path, byte[]> image) {
        int hash = 0;
        for (Map.Entry<Path, byte[]> file : image.entrySet()) {
            hash = hash * 31 + file.getKey().hashCode() * 17 + Arrays.hashCode(file.getValue());
        }
        return hash;
    }

    /** All, if there are few; else none, all, the first few, the last few, single ones, all but one, and some. */
    private static Set<BitSet> subsets(int count, int exhaustive, int random, Random dice) {
        Set<BitSet> subsets = new LinkedHashSet<>();
        if (count <= exhaustive) {
            for (long bits = 0; bits < 1L << count; bits++) {
                subsets.add(BitSet.valueOf(new long[] {bits}));
            }
            return subsets;
        }
        for (int i = 0; i <= count; i++) {
            subsets.add(range(0, i));
            subsets.add(range(i, count));
            if (i < count) {
                subsets.add(range(i, i + 1));
                BitSet allButOne = range(0, count);
                allButOne.clear(i);
                subsets.add(allButOne);
            }
        }
        for (int i = 0; i < random; i++) {
            BitSet some = new BitSet(count);
            for (int bit = 0; bit < count; bit++) {
                some.set(bit, dice.nextBoolean());
            }
            subsets.add(some);
        }
        return subsets;
    }

    private static BitSet range(int from, int to) {
        BitSet bits = new BitSet();
        bits.set(from, to);
        return bits;
    }

    private void check(Map<Path, byte[]> image, Promised promised, String state) {
        try {
            MemoryDisk disk = new MemoryDisk(MemoryDisk.Log.NONE);
            for (Map.Entry<Path, byte[]> file : image.entrySet()) {
                byte[] octets = file.getValue();
                boolean mended = !sums && file.getKey().toString().endsWith(".log");
                disk.put(rebased(file.getKey()), mended ? Sums.mend(octets) : octets, octets.length);
            }
            try (FileStore store = FileStore.open(PowerTrace.options(place), disk, trace.clock)) {
                promised.check(store);
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(state, e);
        }
    }

    private Path rebased(Path path) {
        return place.resolve(root.relativize(path).toString());
    }

    /** What must hold after so many operations. */
    private static final class Promised {

        private final PowerTrace trace;
        private final Map<Kind, Set<SpoolId>> promised = new EnumMap<>(Kind.class);
        private final Map<SpoolId, String> known = new TreeMap<>();

        Promised(PowerTrace trace, int prefix) {
            this.trace = trace;
            for (Kind kind : Kind.values()) {
                promised.put(kind, new LinkedHashSet<>());
            }
            for (Promise promise : trace.promises) {
                if (promise.operations() <= prefix) {
                    promised.get(promise.kind()).add(promise.id());
                }
            }
            known.putAll(trace.texts);
        }

        private boolean is(Kind kind, SpoolId id) {
            return promised.get(kind).contains(id);
        }

        void check(FileStore store) throws IOException {
            Set<SpoolId> due = new HashSet<>();
            store.claim(Integer.MAX_VALUE, trace.clock.instant().plus(Duration.ofDays(1)), StoreKit.LEASE)
                    .forEach(claim -> due.add(claim.message().id()));
            for (Map.Entry<SpoolId, String> message : known.entrySet()) {
                SpoolId id = message.getKey();
                if (is(Kind.FILED, id)) {
                    assertThat(StoreKit.text(store.folders().content(id).orElseThrow()))
                            .isEqualTo(message.getValue());
                } else {
                    Message found = store.find(id).orElse(null);
                    check(id, message.getValue(), found, due.contains(id));
                    checkCopies(store, id, message.getValue(), found);
                }
            }
        }

        private void check(SpoolId id, String text, Message found, boolean due) throws IOException {
            boolean finished = found == null || found.complete();
            if (is(Kind.COMPLETED, id)) {
                require(finished && !due, "completed, and back", id);
            } else if (is(Kind.ACCEPTED, id) && !is(Kind.COMPLETING, id)) {
                require(!finished && due, "accepted, and gone", id);
            }
            if (found == null || found.complete()) {
                return;
            }
            require(due, "in the queue, and not due", id);
            String accepted = StoreKit.text(found.accepted());
            require(accepted.equals(text), "content of", id);
            String content = StoreKit.text(found.content());
            String revised = trace.revisions.get(id);
            require(content.equals(revised) || (!is(Kind.REVISED, id) && content.equals(text)), "version of", id);
            require(
                    !is(Kind.RELAYED, id) || found.recipients().get(1).state().isFinal(),
                    "outcome of a recipient of",
                    id);
        }

        /** Whoever is said to be served has his copy, whether or not anybody was told; what was promised is there. */
        private void checkCopies(FileStore store, SpoolId id, String text, Message found) throws IOException {
            List<SpoolId> copies = new ArrayList<>(is(Kind.SERVED, id) ? trace.copies.get(id) : List.of());
            for (RecipientStatus r : found == null ? List.<RecipientStatus>of() : found.recipients()) {
                String reply = r.reply() == null ? "" : r.reply().text();
                if (reply.startsWith("filed in mailbox")) {
                    copies.add(SpoolId.parse(reply.substring(reply.lastIndexOf(' ') + 1)));
                } else {
                    require(
                            !r.recipient().address().value().equals("ann") || !is(Kind.SERVED, id),
                            "forgets who has his copy",
                            id);
                }
            }
            for (SpoolId copy : copies) {
                Content content = store.folders().content(copy).orElse(null);
                require(content != null, "says that there is a copy, and there is none", id);
                require(StoreKit.text(content).equals(text), "copy of", id);
            }
        }

        private static void require(boolean condition, String text, SpoolId id) {
            if (!condition) {
                throw new AssertionError(text + " " + id);
            }
        }
    }
}
