package io.spooler.store.file.codec;

import io.spooler.SpoolId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes values into an array that grows. One thread. */
public final class Encoder {

    private static final int FIRST = 256;

    private byte[] octets = new byte[FIRST];
    private int size;

    /**
     * What was written.
     *
     * @return the array itself; only {@link #size()} octets of it count
     */
    public byte[] octets() {
        return octets;
    }

    /**
     * How much was written.
     *
     * @return octets
     */
    public int size() {
        return size;
    }

    private void room(int more) {
        if (octets.length - size < more) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }

    /** One octet. */
    public Encoder octet(int value) {
        room(1);
        octets[size++] = (byte) value;
        return this;
    }

    /** Eight octets, the highest first. */
    public Encoder fixed(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - 8; shift >= 0; shift -= 8) {
            octets[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** A number of 0 or more in seven-bit groups, the lowest first. */
    public Encoder number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octets[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[size++] = (byte) rest;
        return this;
    }

    /** Sixteen octets. */
    public Encoder id(SpoolId id) {
        return fixed(id.high()).fixed(id.low());
    }

    /** Seconds and nanoseconds. */
    public Encoder time(Instant time) {
        return fixed(time.getEpochSecond()).number(time.getNano());
    }

    /** One octet that says whether a time follows. */
    public Encoder timeOrNull(@Nullable Instant time) {
        return time == null ? octet(0) : octet(1).time(time);
    }

    /** Size and UTF-8. */
    public Encoder text(String text) {
        return textBehind(text, 0);
    }

    /** 0, or size + 1 and UTF-8. */
    public Encoder textOrNull(@Nullable String text) {
        return text == null ? number(0) : textBehind(text, 1);
    }

    private Encoder textBehind(String text, int more) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length + (long) more).room(utf8.length);
        System.arraycopy(utf8, 0, octets, size, utf8.length);
        size += utf8.length;
        return this;
    }
}
