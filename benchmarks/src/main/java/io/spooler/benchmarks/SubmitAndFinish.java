package io.spooler.benchmarks;

import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.MessageStore;
import java.time.Instant;

/**
 * Submits a message, which is timed, and then finishes it without waiting, which is not: so the queue does not grow, and
 * there is always new garbage. From many threads.
 */
final class SubmitAndFinish implements Crew.Work {

    private final MessageStore store;
    private final Mail mail;
    private volatile Histogram latencies = new Histogram();

    SubmitAndFinish(MessageStore store, Mail mail) {
        this.store = store;
        this.mail = mail;
    }

    /** Begins another record. A submission belongs to the one that is there when it ends. */
    Histogram record() {
        Histogram next = new Histogram();
        latencies = next;
        return next;
    }

    @Override
    public void once() throws Exception {
        long before = System.nanoTime();
        SpoolId id = mail.submit(store);
        long spent = System.nanoTime() - before;
        Histogram present = latencies;
        synchronized (present) {
            present.add(spent);
        }
        finish(store.claim(id, Instant.now(), Filling.LEASE).orElseThrow());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure stops the store, which the next submission tells
    private void finish(Claim claim) {
        store.settle(claim, Mail.DELIVERED);
    }
}
