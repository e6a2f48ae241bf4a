package io.spooler.core.client;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.core.admin.Desk;
import io.spooler.core.io.DraftStream;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.report.Hearsay;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The client's door: adds to the {@link Entrance} what a caller expects of a blocking interface. */
public final class Client implements Spooler {

    private static final int BUFFER = 16 * 1024;

    private final Entrance entrance;
    private final Resending resending;
    private final Desk desk;
    private final Awaiting awaiting;
    private final Hearsay hearsay;
    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param entrance takes messages
     * @param clock the time
     * @param desk finds and cancels
     * @param awaiting those who wait
     * @param hearsay notes what reports say
     * @param present what is present
     */
    public Client(
            Entrance entrance, Clock clock, Desk desk, Awaiting awaiting, Hearsay hearsay, Supplier<Snapshot> present) {
        this.entrance = entrance;
        this.resending = new Resending(desk, clock, present);
        this.desk = desk;
        this.awaiting = awaiting;
        this.hearsay = hearsay;
        this.present = present;
    }

    @Override
    public SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException {
        try (Draft draft = entrance.begin(envelope)) {
            try (OutputStream stream = new BufferedOutputStream(new DraftStream(draft), BUFFER)) {
                content.writeTo(stream);
            }
            return answer(draft.commit());
        } catch (IOException e) {
            throw new SpoolException(Reason.BAD_CONTENT, "the content could not be taken: " + e.getMessage(), e);
        }
    }

    private static <T> T answer(CompletionStage<T> stage) throws SpoolException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SpoolException refused) {
                throw refused;
            }
            throw e;
        }
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        return entrance.begin(envelope);
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
    public Content content(SpoolId id) throws SpoolException {
        return answer(desk.content(id));
    }

    @Override
    public SpoolId resend(SpoolId id) throws SpoolException {
        Resending.Again again = resending.prepare(id);
        return submit(again.envelope(), target -> {
            try (InputStream content = again.content().open()) {
                content.transferTo(target);
            }
        });
    }

    @Override
    public boolean reported(SpoolId id, Address recipient, Reply said) {
        return hearsay.note(id, recipient, said).join();
    }

    @Override
    public Set<String> addressTypes() {
        return present.get().transports().stream().flatMap(Client::types).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> types(TransportEntry transport) {
        return transport.carries().stream().map(pattern -> pattern.type());
    }
}
