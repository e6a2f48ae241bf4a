package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.admin.SpoolControl;
import io.spooler.admin.SpoolControl.Flush;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/**
 * Flushes, and tells once a second on the error output how far that is. An interrupt, as of Ctrl-C, cancels the flush. Any
 * thread; blocks until the flush has ended.
 *
 * @param control carries it out
 * @param by who gives the order
 */
record FlushView(SpoolControl control, String by) {

    String flush(@Nullable String transport) throws InterruptedException {
        CompletionStage<Flush> end = control.flush(transport, by);
        Consumer<String> ticker = ticker();
        try {
            return text(Await.of(end, () -> control.flushing().ifPresent(flush -> ticker.accept(progress(flush)))));
        } catch (InterruptedException e) {
            control.cancelFlush(by);
            throw e;
        }
    }

    private static Consumer<String> ticker() {
        Process process = Process.Utils.current();
        return process == null ? text -> {} : new Ticker(process.err(), System::nanoTime);
    }

    private static String progress(Flush flush) {
        return place(flush) + ": " + Texts.count(flush.left(), "recipient") + " to go";
    }

    private static String place(Flush flush) {
        return "transport " + flush.visited() + " of " + flush.transports() + ", " + Reply.clean("" + flush.transport())
                + (flush.inbound() ? ", incoming" : ", outgoing");
    }

    private static String text(Flush flush) {
        return switch (flush.state()) {
            case BUSY ->
                throw new IllegalStateException(
                        "a flush is running already, or the spooler is closed; to end a flush: flush --cancel");
            case CANCELLED -> throw new IllegalStateException("the flush was cancelled at " + place(flush));
            default ->
                "Flushed " + Texts.count(flush.transports(), "transport") + "; "
                        + Texts.count(flush.woken(), "deferred recipient") + " became due.";
        };
    }

    String cancel() {
        if (!control.cancelFlush(by)) {
            throw new IllegalStateException("no flush is running");
        }
        return "The flush is cancelled; what has become due stays due.";
    }
}
