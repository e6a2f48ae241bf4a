package io.spooler.smtp.listener;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One mail transaction between MAIL and the end of its content. A recipient named twice counts once. One thread. */
final class Transaction {

    private final @Nullable Address sender;
    private final Parameters.Mail parameters;
    private final Map<String, Recipient> recipients = new LinkedHashMap<>();
    private final List<Mailbox> taken = new ArrayList<>();
    private Map<Mailbox, Answer> refused = Map.of();

    Transaction(@Nullable Address sender, Parameters.Mail parameters) {
        this.sender = sender;
        this.parameters = parameters;
    }

    boolean isUtf8() {
        return parameters.utf8();
    }

    boolean hasRecipients() {
        return !recipients.isEmpty();
    }

    /** The recipients as they were added, one named twice there twice. */
    List<Mailbox> taken() {
        return taken;
    }

    /** Adds a recipient; false if there is no room. */
    boolean add(Mailbox mailbox, Parameters.Rcpt wishes, int limit) {
        Address address = mailbox.address();
        String key = address.key();
        if (!recipients.containsKey(key)) {
            if (recipients.size() >= limit) {
                return false;
            }
            recipients.put(key, new Recipient(address, wishes.notifyOn(), wishes.original(), null));
        }
        taken.add(mailbox);
        return true;
    }

    /** Takes recipients out again; each has an answer of its own. */
    void refuse(Map<Mailbox, Answer> answers) {
        refused = answers;
        answers.keySet().forEach(mailbox -> recipients.remove(mailbox.address().key()));
    }

    /** What is to be said to each that was added, in order, if the message is answered so (RFC 2033 section 4.2). */
    List<Answer> answers(Answer message) {
        return taken.stream()
                .map(mailbox -> refused.getOrDefault(mailbox, message))
                .toList();
    }

    Envelope envelope() {
        return new Envelope(sender, new ArrayList<>(recipients.values()), parameters.options());
    }
}
