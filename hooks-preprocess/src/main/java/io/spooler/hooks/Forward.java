package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.SpoolException;
import io.spooler.Spooler;
import io.spooler.hook.IncomingMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Sends a message that came in on to somebody else, as it is, with its own sender. */
final class Forward {

    /** The field that says through which mailboxes a message has come. */
    static final String DELIVERED = "Delivered-To";

    private Forward() {}

    /**
     * What the field says of a mailbox of this host; {@link LoopGuard} looks for it.
     *
     * @param mailbox any name
     * @param host of this host
     * @return an address of ours
     */
    static String mark(String mailbox, String host) {
        String name = URLEncoder.encode(mailbox.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8);
        return "LOCAL:" + name + "@" + host;
    }

    /**
     * Submits it, once for each message and address. Blocks for the disk.
     *
     * @param spooler takes it
     * @param message that came in
     * @param to who gets it
     * @param host of this host
     * @throws SpoolException if it is not taken
     */
    static void send(Spooler spooler, IncomingMessage message, Address to, String host) throws SpoolException {
        String key =
                "forward/" + message.id() + "/" + Integer.toHexString(to.key().hashCode());
        Envelope envelope = Envelope.of(message.target().sender(), List.of(to));
        spooler.submit(envelope.with(envelope.options().withIdempotencyKey(key)), target -> {
            String mark = DELIVERED + ": " + mark(message.target().mailbox(), host) + "\r\n";
            target.write(mark.getBytes(StandardCharsets.US_ASCII));
            copy(message, target);
        });
    }

    private static void copy(IncomingMessage message, java.io.OutputStream target) throws IOException {
        try (InputStream in = message.content().open()) {
            in.transferTo(target);
        }
    }
}
