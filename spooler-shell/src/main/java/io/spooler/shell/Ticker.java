package io.spooler.shell;

import io.spooler.Reply;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells how far a long work is, a line a second at most; of what is done sooner it says nothing. One thread. */
final class Ticker implements Consumer<String> {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream target;
    private final LongSupplier nanos;
    private long last;

    /**
     * Begins to count.
     *
     * @param target takes the lines
     * @param nanos a clock
     */
    Ticker(PrintStream target, LongSupplier nanos) {
        this.target = target;
        this.nanos = nanos;
        this.last = nanos.getAsLong();
    }

    @Override
    public void accept(String text) {
        long now = nanos.getAsLong();
        if (now - last >= PAUSE) {
            last = now;
            target.println(Reply.clean(text));
            target.flush();
        }
    }
}
