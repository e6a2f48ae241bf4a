package io.spooler.smtp.client;

import io.spooler.Address;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import org.jspecify.annotations.Nullable;

/** What cannot be sent to this server at all, known before a command is said: refused rather than damaged. No state. */
final class Admission {

    private final Extensions server;

    Admission(Extensions server) {
        this.server = server;
    }

    /** What stands against the whole message. */
    @Nullable
    Outcome refusal(Consignment consignment) {
        Address sender = consignment.sender();
        long size = consignment.content().size();
        if (sender != null && !Mailbox.isSafe(sender.value())) {
            return failed("5.1.7", "sender is no mail address");
        }
        if (sender != null && Mailbox.isInternational(sender.value()) && !server.smtpUtf8()) {
            return failed("5.6.7", "sender needs SMTPUTF8, which the server does not offer");
        }
        return refusal(size);
    }

    private @Nullable Outcome refusal(long size) {
        return server.maxSize() > 0 && size > server.maxSize()
                ? failed("5.3.4", "message of " + size + " octets; server takes " + server.maxSize())
                : null;
    }

    /** What stands against one recipient. */
    @Nullable
    Outcome refusal(Address address) {
        if (!address.type().equals(Address.SMTP)) {
            return new Outcome.NotMine();
        }
        if (!Mailbox.isSafe(address.value())) {
            return failed("5.1.3", "recipient is no mail address");
        }
        if (Mailbox.isInternational(address.value()) && !server.smtpUtf8()) {
            return failed("5.6.7", "address needs SMTPUTF8, which the server does not offer");
        }
        return null;
    }

    /**
     * Whether the content needs SMTPUTF8. A message that was sent to us with it may do without, if only some address needed
     * it that is served elsewhere.
     */
    static boolean needsUtf8(Consignment consignment, Outgoing content) {
        return consignment.options().smtpUtf8() && content.hasEightBitHeader();
    }

    /** What stands against the content, once it is prepared. */
    @Nullable
    Outcome refusal(Consignment consignment, Outgoing content) {
        if (content.hasBareCr()) {
            return failed("5.6.0", "message has a CR that no LF follows, which cannot be sent as it is");
        }
        if (needsUtf8(consignment, content) && !server.smtpUtf8()) {
            return failed("5.6.7", "header needs SMTPUTF8, which the server does not offer");
        }
        if (content.isEightBit() && !server.eightBit()) {
            return failed("5.6.3", "message has 8-bit octets, for which the server does not offer 8BITMIME");
        }
        return refusal(content.sentSize());
    }

    private static Outcome failed(String status, String text) {
        return new Outcome.Failed(new Reply(status, text));
    }
}
