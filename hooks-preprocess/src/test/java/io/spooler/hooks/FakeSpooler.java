package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Keeps what is submitted, once for each key; knows one message. */
final class FakeSpooler implements Spooler {

    record Sent(Envelope envelope, String text) {}

    final List<Sent> sent = new ArrayList<>();
    final List<String> reported = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();

    @Override
    public SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            content.writeTo(bytes);
        } catch (IOException e) {
            throw new SpoolException(SpoolException.Reason.BAD_CONTENT, "unreadable", e);
        }
        if (keys.add(envelope.options().idempotencyKey())) {
            sent.add(new Sent(envelope, bytes.toString(StandardCharsets.UTF_8)));
        }
        return Messages.ID;
    }

    @Override
    public Draft begin(Envelope envelope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<MessageStatus> find(SpoolId id) {
        return id.equals(Messages.ID)
                ? Optional.of(new MessageStatus(
                        id,
                        null,
                        Messages.SUBMITTED,
                        1,
                        Messages.recipients("ann@example.org", "Bob@example.org").stream()
                                .map(r -> new RecipientStatus(
                                        r, RecipientState.RELAYED, 1, null, Messages.SUBMITTED, "smtp", null))
                                .toList(),
                        true))
                : Optional.empty();
    }

    @Override
    public CompletionStage<MessageStatus> await(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellation cancel(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Content content(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SpoolId resend(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean reported(SpoolId id, Address recipient, Reply said) {
        reported.add(id + " " + recipient + " " + said);
        return true;
    }

    @Override
    public Set<String> addressTypes() {
        return Set.of();
    }
}
