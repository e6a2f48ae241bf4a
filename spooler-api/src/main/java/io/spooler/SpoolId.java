package io.spooler;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The identity of one spooled or filed message: 128 bits, the first 48 of which are the milliseconds since 1970, so
 * that ids sort by the time of submission. Written as 26 characters of Crockford's base 32.
 *
 * <p>Immutable and thread-safe.
 *
 * @param high the upper 64 bits: 48 bits of time, 16 random
 * @param low the lower 64 bits, random
 */
public record SpoolId(long high, long low) implements Comparable<SpoolId> {

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;

    /**
     * Makes a new id.
     *
     * @param now the time that the id carries, to the millisecond
     * @param random supplies the other 80 bits; must be safe for the calling threads
     * @return an id that nobody else has made, as far as chance allows
     */
    public static SpoolId next(Instant now, RandomGenerator random) {
        return new SpoolId((now.toEpochMilli() << 16) | (random.nextLong() & 0xFFFF), random.nextLong());
    }

    /**
     * Reads the form that {@link #toString()} writes; lower case is accepted.
     *
     * @param text 26 characters
     * @return the id
     * @throws IllegalArgumentException if the text is no spool id
     */
    public static SpoolId parse(String text) {
        if (text.length() != LENGTH || digit(text, 0) > 7) {
            throw new IllegalArgumentException("not a spool id: 26 characters of 0-9 A-Z without I L O U expected");
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | digit(text, i);
        }
        return new SpoolId(high, low);
    }

    private static int digit(String text, int index) {
        int digit = ALPHABET.indexOf(Character.toUpperCase(text.charAt(index)));
        if (digit < 0) {
            throw new IllegalArgumentException("not a spool id: 26 characters of 0-9 A-Z without I L O U expected");
        }
        return digit;
    }

    /**
     * The time that the id carries.
     *
     * @return the time of creation, to the millisecond
     */
    public Instant time() {
        return Instant.ofEpochMilli(high >>> 16);
    }

    /**
     * The id under which the sender's copy of this message is filed, always the same, so that there is never a second
     * copy of one message (R48).
     *
     * @return another id with the same time; of the copy's id, that of the message
     */
    public SpoolId sentCopy() {
        return new SpoolId(high, low ^ Long.MIN_VALUE);
    }

    /**
     * The id under which the copy of a recipient is filed in a mailbox here, always the same, so that a second attempt files
     * no second one.
     *
     * @param recipient of this message
     * @return another id with the same time
     */
    public SpoolId copyFor(Address recipient) {
        // Any good mixture of bits will do: whoever finds two addresses that collide has spoiled but his own message.
        byte[] octets = recipient.toString().getBytes(StandardCharsets.UTF_8);
        return new SpoolId(high, low ^ UUID.nameUUIDFromBytes(octets).getMostSignificantBits());
    }

    @Override
    public int compareTo(SpoolId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        char[] text = new char[LENGTH];
        long h = high;
        long l = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (l & 31));
            l = (l >>> 5) | (h << 59);
            h >>>= 5;
        }
        return new String(text);
    }
}
