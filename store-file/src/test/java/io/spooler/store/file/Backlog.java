package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Draft;
import io.spooler.Mailboxes.Entry;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What waits in a store whose disk is full, with the verbs of those tests. One thread. */
final class Backlog {

    private final Map<SpoolId, String> waiting = new LinkedHashMap<>();
    private final List<Entry> filed = new ArrayList<>();

    int size() {
        return waiting.size();
    }

    /** Accepted, or the reason why not. */
    Optional<Reason> submit(MessageStore store, int size) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            String text =
                    (draft.id() + "\n").repeat(size / (draft.id().toString().length() + 1));
            StoreKit.write(draft, text);
            waiting.put(StoreKit.get(draft.commit()), text);
            return Optional.empty();
        } catch (SpoolException e) {
            return Optional.of(e.reason());
        } catch (IOException e) {
            return Optional.of(e.getCause() instanceof SpoolException cause ? cause.reason() : Reason.STORE_STOPPED);
        }
    }

    /** Submits until it is refused; the result is the reason. */
    Reason submitUntilRefused(MessageStore store, int size, int most, Runnable between) throws Exception {
        for (int i = 0; i < most; i++) {
            Optional<Reason> refusal = submit(store, size);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            between.run();
        }
        throw new AssertionError(most + " messages were accepted, and none refused");
    }

    void fill(MessageStore store, int count, int size) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(submit(store, size)).as("refusal").isEmpty();
        }
    }

    void file(MessageStore store, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            try (Folders.Incoming incoming = store.folders().receive()) {
                StoreKit.write(incoming, StoreKit.TEXT);
                filed.add(StoreKit.get(incoming.file(new Folders.Filing("ann", "INBOX", "mail", null, Set.of()))));
            }
        }
    }

    void deleteFiled(MessageStore store) throws Exception {
        for (Entry entry : filed) {
            store.folders().delete(entry.id());
        }
        filed.clear();
        assertThat(store.folders().list("ann", "INBOX", 0, 10)).isEmpty();
    }

    /** Everything that was accepted and not delivered is there, whole. */
    void check(MessageStore store) throws IOException {
        for (Map.Entry<SpoolId, String> message : waiting.entrySet()) {
            Message found = store.find(message.getKey()).orElse(null);
            assertThat(found).as("accepted: %s", message.getKey()).isNotNull();
            assertThat(StoreKit.text(found.content())).isEqualTo(message.getValue());
        }
        assertThat(store.status().messages()).as("in the queue").isEqualTo(waiting.size());
    }

    /** Delivers so many. */
    void deliver(MessageStore store, int count, Instant now) throws Exception {
        int left = count;
        while (left > 0) {
            List<Claim> claims = store.claim(Math.min(left, 20), now, StoreKit.LEASE);
            assertThat(claims).as("deliverable, %s are left", left).isNotEmpty();
            for (Claim claim : claims) {
                deliver(store, claim);
                left--;
            }
        }
    }

    private void deliver(MessageStore store, Claim claim) throws Exception {
        assertThat(StoreKit.text(claim.message().content()))
                .isEqualTo(waiting.get(claim.message().id()));
        Settlement relayed = new Settlement(null, List.of(StoreKit.to(0, RecipientState.RELAYED, null)), true);
        try {
            StoreKit.get(store.settle(claim, relayed));
        } catch (SpoolException e) {
            throw new AssertionError("not settled, with %s in the queue".formatted(waiting.size()), e);
        }
        waiting.remove(claim.message().id());
    }
}
