package io.spooler.benchmarks;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.MessageStore;
import io.spooler.store.OwnPart;
import io.spooler.store.Settlement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The message that all measurements use: one recipient, a content of one size. Any thread. */
final class Mail {

    /** The settlement that ends it. */
    static final Settlement DELIVERED = new Settlement(
            null,
            List.of(new Settlement.Transition(
                    0, RecipientState.DELIVERED, true, null, "benchmark", new Reply("2.0.0", "delivered"))),
            true);

    private static final Folders.Filing MAILBOX =
            new Folders.Filing("recipient.of.mail", Mailboxes.INBOX, "IPM.Note", null, Set.of());
    private static final OwnPart PART =
            new OwnPart("benchmark", List.of(new OwnPart.Placement(List.of(0), MAILBOX)), false);

    private final Envelope envelope;
    private final byte[] content;

    private Mail(Envelope envelope, byte[] content) {
        this.envelope = envelope;
        this.content = content;
    }

    /** With a content that looks like text. */
    static Mail of(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i % 78 == 77 ? '\n' : 'a' + i * 31 % 26);
        }
        return new Mail(
                Envelope.of(Address.smtp("sender@example.org"), List.of(Address.smtp("recipient.of.mail@example.net"))),
                content);
    }

    /** The same, never due while a measurement lasts. */
    Mail later() {
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        return new Mail(envelope.with(envelope.options().withNotBefore(tomorrow)), content);
    }

    /** The octets, for one thread. */
    ByteBuffer octets() {
        return ByteBuffer.wrap(content);
    }

    /** Submits it, and waits until it is on stable storage. */
    SpoolId submit(MessageStore store) throws Exception {
        try (Draft draft = store.begin(envelope)) {
            draft.write(octets());
            return Stores.await(draft.commit());
        }
    }

    /** Submits it to a store that serves it at once, and waits until it is in the mailbox. */
    void serve(CoupledStore store) throws Exception {
        try (Draft draft = store.begin(envelope, PART)) {
            draft.write(octets());
            Stores.await(draft.commit());
        }
    }

    /** Files it, as a transport does, and waits until it is in the mailbox. */
    void file(MessageStore store) throws Exception {
        try (Folders.Incoming incoming = store.folders().receive()) {
            incoming.write(octets());
            Stores.await(incoming.file(MAILBOX));
        }
    }
}
