package io.spooler.core.client;

import io.spooler.ContentSource;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.core.admin.Desk;
import io.spooler.core.io.DraftStream;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The client's door: adds to the {@link Submitter} what a caller expects of a blocking interface. */
public final class Client implements Spooler {

    private static final int BUFFER = 16 * 1024;

    private final Submitter submitter;
    private final Desk desk;
    private final Awaiting awaiting;
    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param submitter takes messages
     * @param desk finds and cancels
     * @param awaiting those who wait
     * @param present what is present
     */
    public Client(Submitter submitter, Desk desk, Awaiting awaiting, Supplier<Snapshot> present) {
        this.submitter = submitter;
        this.desk = desk;
        this.awaiting = awaiting;
        this.present = present;
    }

    @Override
    public SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException {
        try (Draft draft = submitter.begin(envelope)) {
            try (OutputStream stream = new BufferedOutputStream(new DraftStream(draft), BUFFER)) {
                content.writeTo(stream);
            }
            return draft.commit().toCompletableFuture().join();
        } catch (IOException e) {
            throw new SpoolException(Reason.BAD_CONTENT, "the content could not be taken: " + e.getMessage(), e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof SpoolException refused) {
                throw refused;
            }
            throw e;
        }
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        return submitter.begin(envelope);
    }

    @Override
    public Optional<MessageStatus> find(SpoolId id) {
        return desk.find(id).join();
    }

    @Override
    public CompletionStage<MessageStatus> await(SpoolId id) {
        CompletableFuture<MessageStatus> future = awaiting.on(id);
        CompletionStage<Optional<MessageStatus>> ledger = desk.find(id);
        ledger.thenAccept(found -> {
            if (found.isEmpty()) {
                awaiting.fail(id, new SpoolException(Reason.NOT_FOUND, "no message has the id " + id));
            } else if (found.get().complete()) {
                awaiting.complete(found.get());
            }
        });
        return future.minimalCompletionStage();
    }

    @Override
    public Cancellation cancel(SpoolId id) {
        return desk.cancel(id).join();
    }

    @Override
    public Set<String> addressTypes() {
        return present.get().transports().stream().flatMap(Client::types).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> types(TransportEntry transport) {
        return transport.carries().stream().map(pattern -> pattern.type());
    }
}
