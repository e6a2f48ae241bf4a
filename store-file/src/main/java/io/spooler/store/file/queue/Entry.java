package io.spooler.store.file.queue;

import io.spooler.SpoolId;
import io.spooler.store.file.index.Slot;
import org.jspecify.annotations.Nullable;

/**
 * What the heap holds of a message: about 80 octets, whatever its size. Guarded by the lock of the store; the fields
 * are open to this package because accessors would hide nothing.
 */
final class Entry extends Slot {

    /** No domain is known: several recipients. */
    static final int MANY = 0;

    private static final int FINISHED = 1;
    private static final int SINGLE = 2;
    private static final int KEYED = 4;
    private static final int BROKEN = 8;
    private static final int IN_FILE = 16;
    private static final int UNSURE = 32;

    /** Where its MESSAGE record stands. */
    long position;

    /** Octets of that record. */
    int size;

    /** Where its latest MESSAGE, STATE or DELTA record stands. */
    long ledger;

    /** When it asks for work, nanoseconds since 1970; when it finished, once it is finished. */
    long due = Long.MAX_VALUE;

    /** Index in the {@link DueHeap}, number in the {@link DueLine}, or -1. */
    int place = -1;

    /** Hash of the only recipient's domain; 0 if there are several. */
    int domain;

    /** Bits of the address types, see {@link Types}. */
    int types;

    /** Bits of the recipients' states, see {@code States}. */
    short states;

    /** How often the process ended while work on it was under way, up to 127. */
    byte crashes;

    /** DELTA records behind the last MESSAGE or STATE. */
    byte chain;

    private byte flags;

    /** What only few have at a time. */
    @Nullable
    Extra extra;

    Entry(SpoolId id) {
        super(id);
    }

    private boolean is(int flag) {
        return (flags & flag) != 0;
    }

    private void set(int flag, boolean value) {
        flags = (byte) (value ? flags | flag : flags & ~flag);
    }

    boolean isFinished() {
        return is(FINISHED);
    }

    void finished() {
        set(FINISHED, true);
    }

    boolean isSingle() {
        return is(SINGLE);
    }

    void single(boolean value) {
        set(SINGLE, value);
    }

    boolean isKeyed() {
        return is(KEYED);
    }

    void keyed(boolean value) {
        set(KEYED, value);
    }

    /** Cannot be read any more; it is neither lent nor forgotten. */
    boolean isBroken() {
        return is(BROKEN);
    }

    void broken(boolean value) {
        set(BROKEN, value);
    }

    /** One of its contents has, or had, a file of its own. */
    boolean isInFile() {
        return is(IN_FILE);
    }

    void inFile() {
        set(IN_FILE, true);
    }

    /** What a checkpoint knew of it is not what the journal says: the journal must be read. */
    boolean isUnsure() {
        return is(UNSURE);
    }

    void unsure(boolean value) {
        set(UNSURE, value);
    }

    /** What lasts, for a checkpoint. */
    int flags() {
        return flags & (FINISHED | SINGLE | KEYED | IN_FILE);
    }

    void flags(int value) {
        flags = (byte) value;
    }

    @Nullable
    Lease lease() {
        return extra == null ? null : extra.lease();
    }

    /** Work on it has begun, and goes on. */
    boolean isInWork() {
        Lease lease = lease();
        return lease != null && lease.begun;
    }

    void crashed() {
        crashes = (byte) Math.min(Byte.MAX_VALUE, crashes + 1);
    }

    boolean isBefore(Entry other) {
        return due != other.due ? due < other.due : compareId(other) < 0;
    }
}
