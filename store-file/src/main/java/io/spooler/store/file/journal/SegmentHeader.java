package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 128 octets of a segment: twice the same 64, so that one damaged octet does not cost the segment.
 *
 * <pre>
 *  0        8       12       16        24       32       40            48        56     60     64
 *  +--------+-------+--------+---------+--------+--------+-------------+---------+------+------+
 *  |SPOOLJNL|version|size=128| number  |  run   |  salt  |previous end | created |  0   |CRC32C|
 *  +--------+-------+--------+---------+--------+--------+-------------+---------+------+------+
 * </pre>
 *
 * @param number of the segment, as in its name
 * @param run counts the openings of the journal
 * @param salt keys the marks of the records, so that nobody can forge one inside a content
 * @param previousEnd where the segment before this one ends, 0 if there is none: what is missing there is damage and no
 *     torn tail
 * @param created milliseconds since 1970, for people
 */
record SegmentHeader(long number, long run, long salt, long previousEnd, long created) {

    static final int SIZE = 128;
    static final int VERSION = 1;

    private static final int HALF = SIZE / 2;
    private static final long MAGIC = 0x53504F4F4C4A4E4CL;

    ByteBuffer encode() {
        ByteBuffer both = ByteBuffer.allocate(SIZE);
        for (int copy = 0; copy < 2; copy++) {
            int start = both.position();
            both.putLong(MAGIC).putInt(VERSION).putInt(SIZE);
            both.putLong(number).putLong(run).putLong(salt);
            both.putLong(previousEnd).putLong(created).putInt(0);
            both.putInt(crc(both, start));
        }
        return both.flip();
    }

    private static int crc(ByteBuffer header, int start) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(start, HALF - Integer.BYTES));
        return (int) crc.getValue();
    }

    /**
     * Reads a header.
     *
     * @param source the first octets of a segment
     * @param name of the segment, for messages
     * @return null if neither copy is whole
     * @throws NewerFormatException if it is from a newer release
     */
    static @Nullable SegmentHeader decode(ByteBuffer source, String name) throws IOException {
        for (int start = 0; start + HALF <= source.limit(); start += HALF) {
            if (source.getLong(start) == MAGIC && source.getInt(start + HALF - Integer.BYTES) == crc(source, start)) {
                int version = source.getInt(start + 8);
                if (version != VERSION) {
                    throw new NewerFormatException(name, version, VERSION);
                }
                return new SegmentHeader(
                        source.getLong(start + 16),
                        source.getLong(start + 24),
                        source.getLong(start + 32),
                        source.getLong(start + 40),
                        source.getLong(start + 48));
            }
        }
        return null;
    }
}
