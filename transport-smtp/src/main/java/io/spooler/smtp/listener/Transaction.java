package io.spooler.smtp.listener;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One mail transaction between MAIL and the end of its content. A recipient named twice counts once. One thread. */
final class Transaction {

    private final @Nullable Address sender;
    private final Parameters.Mail parameters;
    private final Map<String, Recipient> recipients = new LinkedHashMap<>();
    private int taken;

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

    /** How often a recipient was added, one named twice counted twice. */
    int taken() {
        return taken;
    }

    /** Adds a recipient; false if there is no room. */
    boolean add(Address address, Parameters.Rcpt wishes, int limit) {
        String key = address.key();
        if (!recipients.containsKey(key)) {
            if (recipients.size() >= limit) {
                return false;
            }
            recipients.put(key, new Recipient(address, wishes.notifyOn(), wishes.original(), null));
        }
        taken++;
        return true;
    }

    Envelope envelope() {
        return new Envelope(sender, new ArrayList<>(recipients.values()), parameters.options());
    }
}
