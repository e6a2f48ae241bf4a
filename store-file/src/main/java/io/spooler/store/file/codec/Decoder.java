package io.spooler.store.file.codec;

import io.spooler.SpoolId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an {@link Encoder} wrote. Everything that makes no sense ends in a {@link RuntimeException}: the octets
 * were checked before, so it is a bug or a foreign file, and the caller treats the record as damaged. One thread.
 */
public final class Decoder {

    private final ByteBuffer octets;

    /**
     * Reads from the position of a buffer.
     *
     * @param octets moved on by every call
     */
    public Decoder(ByteBuffer octets) {
        this.octets = octets;
    }

    /** Says whether there is anything left. */
    public boolean hasMore() {
        return octets.hasRemaining();
    }

    /** One octet. */
    public int octet() {
        return octets.get() & 0xFF;
    }

    /** Eight octets. */
    public long fixed() {
        return octets.getLong();
    }

    /** A number of 0 or more. */
    public long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = octets.get();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    /** A number of things of which each takes at least one octet. */
    public int count() {
        long count = number();
        if (count < 0 || count > octets.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }

    /** Sixteen octets. */
    public SpoolId id() {
        return new SpoolId(fixed(), fixed());
    }

    /** A time. */
    public Instant time() {
        return Instant.ofEpochSecond(fixed(), number());
    }

    /** A time or null. */
    public @Nullable Instant timeOrNull() {
        return octet() == 0 ? null : time();
    }

    /** A text. */
    public String text() {
        return text(count());
    }

    /** A text or null. */
    public @Nullable String textOrNull() {
        long size = number();
        if (size < 0 || size > octets.remaining() + 1L) {
            throw new BufferUnderflowException();
        }
        return size == 0 ? null : text((int) size - 1);
    }

    private String text(int size) {
        byte[] utf8 = new byte[size];
        octets.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
