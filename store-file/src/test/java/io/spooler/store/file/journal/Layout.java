package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What stands where in a whole segment, told without the reader of the store. */
public final class Layout {

    /** Twice the same. */
    public static final int HEADERS = SegmentHeader.SIZE;

    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(1, "MESSAGE"),
            Map.entry(2, "STATE"),
            Map.entry(3, "DELTA"),
            Map.entry(4, "BEGUN"),
            Map.entry(5, "RELEASE"),
            Map.entry(16, "FILED"),
            Map.entry(17, "ENTRY"),
            Map.entry(18, "REMOVED"),
            Map.entry(19, "NAMES"),
            Map.entry(30, "BARRIER"),
            Map.entry(31, "CLOSED"));

    private Layout() {}

    /** A record: its padding is not counted in. */
    public record Spot(String type, int offset, ByteBuffer head, int bodySize) {

        /** Behind its last octet. */
        public int end() {
            return offset + Append.HEADER + head.remaining() + bodySize;
        }

        /** Name of the field that an octet of the segment belongs to. */
        public String field(int at) {
            int inside = at - offset;
            if (inside >= Append.HEADER) {
                return inside < Append.HEADER + head.remaining() ? "head" : "body";
            }
            int[] ends = {4, 5, 8, 12, 16, 20};
            String[] names = {"mark", "type", "zeros", "head size", "body size", "body sum"};
            for (int i = 0; i < ends.length; i++) {
                if (inside < ends[i]) {
                    return names[i];
                }
            }
            return "head sum";
        }
    }

    /** The records of a segment, in order. */
    public static List<Spot> of(byte[] segment) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(segment);
        SegmentHeader header = SegmentHeader.decode(all.slice(0, HEADERS), "a segment");
        List<Spot> spots = new ArrayList<>();
        int at = HEADERS;
        while (header != null
                && at + Append.HEADER <= segment.length
                && all.getInt(at) == Append.mark(header.salt(), header.number(), at)) {
            ByteBuffer head = all.slice(at + Append.HEADER, all.getInt(at + 8));
            Spot spot = new Spot(TYPES.getOrDefault((int) all.get(at + 4), "?"), at, head, all.getInt(at + 12));
            spots.add(spot);
            at += Append.padded(spot.end() - at);
        }
        return spots;
    }
}
