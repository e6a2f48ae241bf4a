package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Brings one message into one mailbox through the inlet. The copy is done on the calling thread and may block for the
 * disk; the commit is not waited for. What goes wrong is an outcome, not an exception.
 */
final class Filer {

    private static final int CHUNK = 64 * 1024;

    private final Inlet inlet;
    private final BooleanSupplier stopping;

    /**
     * A filer.
     *
     * @param inlet takes the message
     * @param stopping true once the transport stops: what is not committed yet is handed back
     */
    Filer(Inlet inlet, BooleanSupplier stopping) {
        this.inlet = inlet;
        this.stopping = stopping;
    }

    /**
     * Copies and commits. The id of the copy follows from those of message and recipient: if the process ended behind the
     * commit and before its outcome was recorded, the copy is there already, and no second one is made.
     *
     * @param consignment the message
     * @param recipient of it
     * @param mailbox whose
     * @return completes, never exceptionally, when the message is filed or is not (R53)
     */
    CompletionStage<Outcome> file(Consignment consignment, Address recipient, String mailbox) {
        Inlet.Arrival arrival = new Inlet.Arrival(
                        LoopbackSettings.NAME, mailbox, consignment.sender(), Inlet.Arrival.NOTE)
                .under(consignment.id().copyFor(recipient));
        try {
            // Closing is without effect after a commit, so every way out leaves no partial message.
            try (Inlet.Reception reception = inlet.receive(arrival)) {
                if (!copy(consignment, reception)) {
                    return CompletableFuture.completedFuture(new Outcome.NotMine());
                }
                return reception
                        .commit()
                        .thenApply(entry -> filed(mailbox, entry))
                        .exceptionally(Filer::failure);
            }
        } catch (SpoolException | IOException | RuntimeException e) {
            return CompletableFuture.completedFuture(failure(e));
        }
    }

    /** Returns false if the work is no longer wanted: the commit is the point of no return. */
    private boolean copy(Consignment consignment, Inlet.Reception reception) throws IOException {
        Content content = consignment.content();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, content.size())));
        long position = 0;
        while (!consignment.isCancelled() && !stopping.getAsBoolean()) {
            int count = content.read(position, buffer.clear());
            if (count < 0) {
                return complete(content, position);
            }
            position += count;
            reception.write(buffer.flip());
        }
        return false;
    }

    private static boolean complete(Content content, long copied) throws IOException {
        if (copied != content.size()) {
            throw new IOException("content ends after " + copied + " of " + content.size() + " octets");
        }
        return true;
    }

    private static Outcome filed(String mailbox, Optional<Mailboxes.Entry> entry) {
        String text =
                entry.map(e -> "filed in mailbox " + mailbox + " as " + e.id()).orElse("taken out by a postprocessor");
        return new Outcome.Delivered(new Reply("2.0.0", text));
    }

    private static Outcome failure(Throwable error) {
        Throwable cause = error instanceof CompletionException e && e.getCause() != null ? e.getCause() : error;
        if (cause instanceof SpoolException refusal) {
            return refused(refusal);
        }
        // Trouble with this content: other messages need not wait for it.
        return new Outcome.Deferred(Scope.MESSAGE, null, new Reply("4.3.0", "cannot be filed now: " + cause));
    }

    private static Outcome refused(SpoolException refusal) {
        if (refusal.reason() == SpoolException.Reason.KNOWN) {
            return new Outcome.Delivered(new Reply("2.0.0", "filed already: " + refusal.getMessage()));
        }
        String text = "not filed: " + refusal.getMessage();
        if (refusal.reason().isTemporary()) {
            String status = refusal.reason() == SpoolException.Reason.STORE_FULL ? "4.3.1" : "4.3.0";
            return new Outcome.Deferred(Scope.TRANSPORT, null, new Reply(status, text));
        }
        String status = refusal.reason() == SpoolException.Reason.TOO_LARGE ? "5.3.4" : "5.3.0";
        return new Outcome.Failed(new Reply(status, text));
    }
}
