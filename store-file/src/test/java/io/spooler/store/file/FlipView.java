package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Mailboxes.Entry;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import io.spooler.store.StoreStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that a store gives, read whole, by the way that deliveries take: everything that comes due is claimed.
 *
 * @param letters messages of the queue, those that are complete too
 * @param filed messages in folders
 * @param queued how many are not complete, in the words of the store
 * @param reported whether the store knows of damage: it said so, or it refused to read something
 */
record FlipView(Map<SpoolId, Letter> letters, Map<SpoolId, Filed> filed, long queued, boolean reported) {

    private static final Duration LATER = Duration.ofDays(1);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A message; the contents of one that is complete are empty. */
    record Letter(
            Envelope envelope,
            Instant submitted,
            long size,
            List<RecipientStatus> recipients,
            List<String> hooks,
            int crashes,
            boolean complete,
            boolean due,
            ByteBuffer accepted,
            ByteBuffer content) {}

    /** A message in a folder. */
    record Filed(Entry entry, ByteBuffer content) {}

    /** Reads these, whichever of them are there. */
    static FlipView of(FileStore store, Set<SpoolId> known, Instant now) {
        Map<SpoolId, Message> due = new HashMap<>();
        store.claim(Integer.MAX_VALUE, now.plus(LATER), LATER)
                .forEach(claim -> due.put(claim.message().id(), claim.message()));
        Map<SpoolId, Letter> letters = new HashMap<>();
        Map<SpoolId, Filed> filed = new HashMap<>();
        boolean unreadable = false;
        for (SpoolId id : known) {
            try {
                Message message = due.get(id);
                message = message == null ? store.find(id).orElse(null) : message;
                if (message != null) {
                    letters.put(id, letter(message, due.containsKey(id)));
                } else if (store.folders().entry(id).isPresent()) {
                    filed.put(id, filed(store, id));
                }
            } catch (IOException e) {
                unreadable = true;
            }
        }
        StoreStatus status = store.status();
        boolean said = status.text().contains("damaged") || status.text().contains("cannot be read");
        return new FlipView(letters, filed, status.messages(), unreadable || said);
    }

    private static Filed filed(FileStore store, SpoolId id) throws IOException {
        Content content = store.folders().content(id).orElseThrow(IOException::new);
        return new Filed(store.folders().entry(id).orElseThrow(), octets(content));
    }

    private static Letter letter(Message message, boolean due) throws IOException {
        ByteBuffer accepted = message.complete() ? NOTHING : octets(message.accepted());
        boolean revised = message.content() != message.accepted();
        return new Letter(
                message.envelope(),
                message.submitted(),
                message.size(),
                message.recipients(),
                message.hooks(),
                message.crashes(),
                message.complete(),
                due,
                accepted,
                message.complete() || !revised ? accepted : octets(message.content()));
    }

    private static ByteBuffer octets(Content content) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) content.size());
        while (all.hasRemaining()) {
            if (content.read(all.position(), all) <= 0) {
                throw new IOException("cut");
            }
        }
        return all.flip();
    }
}
