package io.spooler.core;

import io.spooler.Address;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Files what it carries, one copy a recipient, in the mailbox of that name; a store may do so in its place. */
final class LocalTransport implements TransportProvider {

    final List<String> carried = new ArrayList<>();
    TransportStatus status = new TransportStatus(TransportStatus.Condition.AVAILABLE, "local");
    private @Nullable Inlet inlet;

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (var recipient : consignment.recipients()) {
            carried.add(recipient.address().value());
            outcomes.add(file(consignment, name(recipient.address())).toCompletableFuture());
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(all -> outcomes.stream().map(CompletableFuture::join).toList());
    }

    /** Asks for its turn: a wait would hold up the thread that gives it. */
    private CompletionStage<Outcome> file(Consignment consignment, String mailbox) {
        return Objects.requireNonNull(inlet)
                .ask(new Inlet.Arrival("own", mailbox, consignment.sender(), Inlet.Arrival.NOTE))
                .thenCompose(reception -> file(consignment, mailbox, reception));
    }

    private static CompletionStage<Outcome> file(Consignment consignment, String mailbox, Inlet.Reception reception) {
        try {
            reception.write(
                    ByteBuffer.wrap(FakeTransport.read(consignment.content()).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reception
                .commit()
                .thenApply(entry -> new Outcome.Delivered(new Reply(
                        "2.0.0",
                        "filed in mailbox " + mailbox + " as "
                                + entry.orElseThrow().id())));
    }

    private static String name(Address address) {
        return address.type().equals(Address.LOCAL) ? address.value() : address.localPart();
    }

    @Override
    public Optional<String> mailbox(Address address) {
        return address.value().startsWith("strange") ? Optional.empty() : Optional.of(name(address));
    }

    @Override
    public TransportStatus status() {
        return status;
    }

    @Override
    public void openInbound(Inlet opened) {
        inlet = opened;
    }
}
