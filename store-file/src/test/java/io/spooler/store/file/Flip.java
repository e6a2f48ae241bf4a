package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Layout;
import io.spooler.store.file.journal.Layout.Spot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One bit to be flipped.
 *
 * @param file which
 * @param at octet of it
 * @param spot the record there; null in a header, in padding and behind the last record
 * @param last whether that is the very last record of the journal: the mark of a clean end
 */
record Flip(Path file, int at, @Nullable Spot spot, boolean last) {

    private static final Set<String> TYPES = Set.of(
            "MESSAGE", "STATE", "DELTA", "BEGUN", "RELEASE", "FILED", "ENTRY", "REMOVED", "NAMES", "BARRIER", "CLOSED");
    private static final int MULTIPLIER = 0x9E3779B1;
    private static final int ID = 16;

    /** Every so many octets, and the first one of each field of each type of record. */
    static List<Flip> in(SortedMap<Path, byte[]> image, int step) throws IOException {
        List<Path> segments = image.keySet().stream().filter(Flip::isSegment).toList();
        List<Flip> chosen = new ArrayList<>();
        Set<String> fields = new HashSet<>();
        for (Path file : segments) {
            boolean lastFile = file.equals(segments.get(segments.size() - 1));
            for (Flip flip : all(file, image.get(file), lastFile)) {
                if (fields.add(flip.field()) || flip.at % step == step / 2) {
                    chosen.add(flip);
                }
            }
        }
        return chosen;
    }

    /** A journal that has none of some type proves nothing about it. */
    static void hasAllTypes(List<Flip> flips) {
        assertThat(flips.stream().map(Flip::field))
                .contains(TYPES.stream().map(type -> type + " head sum").toArray(String[]::new));
    }

    private static List<Flip> all(Path file, byte[] octets, boolean lastFile) throws IOException {
        List<Spot> spots = Layout.of(octets);
        List<Flip> all = new ArrayList<>();
        int next = 0;
        for (int at = 0; at < octets.length; at++) {
            while (next < spots.size() && spots.get(next).end() <= at) {
                next++;
            }
            Spot spot = next < spots.size() && spots.get(next).offset() <= at ? spots.get(next) : null;
            all.add(new Flip(file, at, spot, lastFile && next == spots.size() - 1));
        }
        return all;
    }

    private String field() {
        if (spot == null) {
            return at < Layout.HEADERS ? "header" : "padding";
        }
        return spot.type() + " " + spot.field(at);
    }

    /** False where a flip may go unreported, as it changes nothing. */
    boolean hasMeaning() {
        return spot != null && !last;
    }

    /** The messages that the damaged record is about. */
    Set<SpoolId> touched() {
        if (spot == null || Set.of("NAMES", "BARRIER", "CLOSED").contains(spot.type())) {
            return Set.of();
        }
        boolean many = spot.type().equals("BEGUN") || spot.type().equals("RELEASE");
        Set<SpoolId> ids = new HashSet<>();
        for (int i = 0; i < (many ? spot.head().remaining() : ID); i += ID) {
            ids.add(new SpoolId(spot.head().getLong(i), spot.head().getLong(i + Long.BYTES)));
        }
        return ids;
    }

    /** Flips it, a bit that the place decides. */
    byte[] in(byte[] octets) {
        byte[] copy = octets.clone();
        copy[at] ^= (byte) (1 << ((at * MULTIPLIER) >>> 29));
        return copy;
    }

    static boolean isSegment(Path path) {
        return path.toString().endsWith(".log");
    }

    @Override
    public String toString() {
        return "octet %d of %s, %s".formatted(at, file.getFileName(), field());
    }
}
