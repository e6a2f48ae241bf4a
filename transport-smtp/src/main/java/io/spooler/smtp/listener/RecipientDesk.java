package io.spooler.smtp.listener;

import io.spooler.access.RecipientCheck;
import io.spooler.access.RecipientCheck.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks everybody who may know whether recipients in our own domains exist: at RCPT, and once more before the content, as
 * a mailbox may be gone by then. One thread.
 */
final class RecipientDesk {

    private static final Logger LOG = LoggerFactory.getLogger(RecipientDesk.class);

    private final Services services;

    RecipientDesk(Services services) {
        this.services = services;
    }

    /** What to say of a recipient: {@link Answer#RECIPIENT_OK} if there is such a one. */
    Step check(Mailbox recipient) {
        return Step.of(ask(recipient));
    }

    /**
     * Looks at the recipients of a transaction again.
     *
     * @return completes with those that there are not any more, or that cannot be checked now, and what to say of them
     */
    CompletableFuture<Map<Mailbox, Answer>> checkAgain(List<Mailbox> recipients) {
        Map<Mailbox, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
        recipients.forEach(recipient -> asked.computeIfAbsent(recipient, this::ask));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> refused(asked));
    }

    private static Map<Mailbox, Answer> refused(Map<Mailbox, CompletableFuture<Answer>> asked) {
        Map<Mailbox, Answer> refused = new LinkedHashMap<>();
        asked.forEach((recipient, answer) -> {
            if (answer.join() != Answer.RECIPIENT_OK) {
                refused.put(recipient, answer.join());
            }
        });
        return refused;
    }

    /** Completes in any case. */
    private CompletableFuture<Answer> ask(Mailbox recipient) {
        // There has to be a postmaster (RFC 5321 section 4.5.1).
        if (recipient.localPart().equalsIgnoreCase("postmaster")) {
            return CompletableFuture.completedFuture(Answer.RECIPIENT_OK);
        }
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (RecipientCheck present : services.recipients().get()) {
            verdicts.add(ask(present, recipient));
        }
        return CompletableFuture.allOf(verdicts.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        answer(verdicts.stream().map(CompletableFuture::join).toList()));
    }

    private static CompletableFuture<Verdict> ask(RecipientCheck present, Mailbox recipient) {
        try {
            return present.check(recipient.address())
                    .exceptionally(RecipientDesk::trouble)
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(trouble(e));
        }
    }

    private static Verdict trouble(Throwable error) {
        LOG.warn("recipients cannot be checked: {}", error.toString());
        return Verdict.LATER;
    }

    private static Answer answer(List<Verdict> verdicts) {
        if (verdicts.contains(Verdict.KNOWN)) {
            return Answer.RECIPIENT_OK;
        }
        boolean unknown = verdicts.contains(Verdict.UNKNOWN) && !verdicts.contains(Verdict.LATER);
        return unknown ? Answer.UNKNOWN_RECIPIENT : Answer.RECIPIENT_LATER;
    }
}
