package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Makes the sums of damaged records right: to a reader it is as if nobody checked them. */
public final class Sums {

    private Sums() {}

    /** A copy of a segment in which whatever has a mark and a length has right sums too. */
    public static byte[] mend(byte[] segment) throws IOException {
        byte[] octets = segment.clone();
        ByteBuffer all = ByteBuffer.wrap(octets);
        if (octets.length < SegmentHeader.SIZE) {
            return octets;
        }
        SegmentHeader header = SegmentHeader.decode(all.slice(0, SegmentHeader.SIZE), "a segment");
        for (int at = SegmentHeader.SIZE; header != null && at + Append.HEADER <= octets.length; at += 8) {
            if (all.getInt(at) == Append.mark(header.salt(), header.number(), at)) {
                mend(all, at);
            }
        }
        return octets;
    }

    private static void mend(ByteBuffer all, int at) {
        int headSize = all.getInt(at + 8);
        int bodySize = all.getInt(at + 12);
        int head = at + Append.HEADER;
        if (headSize < 0 || bodySize < 0 || (long) head + headSize + bodySize > all.capacity()) {
            return;
        }
        CRC32C body = new CRC32C();
        body.update(all.slice(head + headSize, bodySize));
        all.putInt(at + 16, (int) body.getValue());
        CRC32C front = new CRC32C();
        front.update(all.slice(at + 4, Append.HEADER - 8));
        front.update(all.slice(head, headSize));
        all.putInt(at + 20, (int) front.getValue());
    }
}
