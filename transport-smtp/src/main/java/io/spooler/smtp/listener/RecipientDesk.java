package io.spooler.smtp.listener;

import io.spooler.access.RecipientCheck;
import io.spooler.access.RecipientCheck.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks whether recipients in our own domains exist; only if nobody can say every name is taken. One thread. */
final class RecipientDesk {

    private static final Logger LOG = LoggerFactory.getLogger(RecipientDesk.class);

    private final Services services;

    RecipientDesk(Services services) {
        this.services = services;
    }

    /** What to say of a recipient: {@link Answer#RECIPIENT_OK} if there is, or may be, such a one. */
    Step check(Mailbox recipient) {
        RecipientCheck present = services.recipients().get();
        // There has to be a postmaster (RFC 5321 section 4.5.1).
        if (present == null || recipient.localPart().equalsIgnoreCase("postmaster")) {
            return Answer.RECIPIENT_OK;
        }
        CompletableFuture<Answer> answer =
                ask(present, recipient).handle(RecipientDesk::answer).toCompletableFuture();
        return answer.isDone() ? answer.join() : new Step.Later(answer);
    }

    private static CompletionStage<Verdict> ask(RecipientCheck present, Mailbox recipient) {
        try {
            return present.check(recipient.address());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Answer answer(Verdict verdict, Throwable error) {
        if (verdict == null) {
            LOG.warn("recipients cannot be checked: {}", String.valueOf(error));
            return Answer.RECIPIENT_LATER;
        }
        return switch (verdict) {
            case KNOWN -> Answer.RECIPIENT_OK;
            case UNKNOWN -> Answer.UNKNOWN_RECIPIENT;
            case LATER -> Answer.RECIPIENT_LATER;
        };
    }
}
