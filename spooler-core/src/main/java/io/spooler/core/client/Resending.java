package io.spooler.core.client;

import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.core.admin.Desk;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Message;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes a new message of one that did not get everywhere: the same content, for those alone who did not get it (R50). The
 * recipients that people see stand in the content and stay as they are. Any thread; blocks for the loop.
 */
final class Resending {

    private final Desk desk;
    private final Clock clock;
    private final Supplier<Snapshot> present;

    Resending(Desk desk, Clock clock, Supplier<Snapshot> present) {
        this.desk = desk;
        this.clock = clock;
        this.present = present;
    }

    /**
     * The new message.
     *
     * @param envelope who to
     * @param content as it was accepted
     */
    record Again(Envelope envelope, Content content) {}

    Again prepare(SpoolId id) throws SpoolException {
        Desk.View view = desk.view(id)
                .join()
                .or(() -> desk.view(id.sentCopy()).join())
                .orElseThrow(() -> new SpoolException(
                        Reason.NOT_FOUND, "no message has the id " + id + ", or its ledger is forgotten"));
        List<Recipient> missing = view.status().recipients().stream()
                .filter(r -> isMissing(r.state()))
                .map(RecipientStatus::recipient)
                .toList();
        if (missing.isEmpty()) {
            throw new SpoolException(
                    Reason.NO_RECIPIENTS,
                    "nobody is left to send " + id + " to: each recipient has got it, or may still get it");
        }
        Envelope first = view.message().envelope();
        return new Again(new Envelope(first.sender(), missing, again(first.options())), content(view.message()));
    }

    private static boolean isMissing(RecipientState state) {
        return state.isFailure() || state == RecipientState.CANCELLED;
    }

    /** Without the key, which would find the first message, and without an expiry that has passed. */
    private Envelope.Options again(Envelope.Options first) {
        Instant expires = first.expires();
        return new Envelope.Options(
                first.notBefore(),
                expires != null && expires.isAfter(clock.instant()) ? expires : null,
                null,
                first.ret(),
                first.envid(),
                first.smtpUtf8(),
                first.priority(),
                first.sent(),
                first.reportTo());
    }

    private Content content(Message message) throws SpoolException {
        if (!message.complete()) {
            return message.accepted();
        }
        SpoolId copy = message.id().sentCopy();
        return present.get().stores().stream()
                .map(entry -> entry.store().folders().content(copy))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new SpoolException(
                        Reason.CONTENT_GONE,
                        "the content of " + message.id() + " is not kept any more; to be able to send a message again,"
                                + " name a folder for the sender's copy when it is submitted"));
    }
}
