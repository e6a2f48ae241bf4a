package io.spooler.store.file.journal;

/** A record that says nothing; once it is durable, so is everything before it. */
public final class Barrier extends AwaitedAppend {

    /** Its type. */
    public static final int TYPE = 30;

    Barrier() {
        super(TYPE, true, new byte[0], 0);
    }
}
