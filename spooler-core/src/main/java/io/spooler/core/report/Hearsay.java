package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.LedgerNotes;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what reports from elsewhere say into the ledgers of the messages that they are about, and tells listeners of it. No state
 * changes: whoever has got a message knows its id, and can write a report. Any thread; the work is done on the loop, so that of
 * two reports one comes after the other.
 */
public final class Hearsay {

    private static final Logger LOG = LoggerFactory.getLogger(Hearsay.class);
    private static final String BEFORE = "; before: ";

    private final Loop loop;
    private final Clock clock;
    private final Supplier<Snapshot> present;
    private final Events events;

    /**
     * Assigns.
     *
     * @param loop runs the work
     * @param clock the time
     * @param present what is present
     * @param events hears of what is said
     */
    public Hearsay(Loop loop, Clock clock, Supplier<Snapshot> present, Events events) {
        this.loop = loop;
        this.clock = clock;
        this.present = present;
        this.events = events;
    }

    /**
     * As {@link io.spooler.Spooler#reported}.
     *
     * @param id the message
     * @param recipient whose state is final
     * @param said by a report
     * @return completes with whether it is in the ledger now and was not before
     */
    public CompletableFuture<Boolean> note(SpoolId id, Address recipient, Reply said) {
        return loop.call(
                () -> present.get().stores().stream().anyMatch(entry -> note(entry.store(), id, recipient, said)));
    }

    private boolean note(MessageStore store, SpoolId id, Address recipient, Reply said) {
        List<RecipientStatus> ledger = store.find(id).map(Message::recipients).orElse(List.of());
        for (int number = 0; number < ledger.size(); number++) {
            RecipientStatus entry = ledger.get(number);
            boolean meant = entry.recipient().address().key().equals(recipient.key());
            if (meant && isNews(entry.reply(), said)) {
                return note(store, id, number, entry, said);
            }
        }
        return false;
    }

    private static boolean isNews(@Nullable Reply before, Reply said) {
        return before == null
                || !before.status().equals(said.status())
                || !before.text().startsWith(said.text());
    }

    private boolean note(MessageStore store, SpoolId id, int number, RecipientStatus r, Reply said) {
        Reply both = r.reply() == null ? said : new Reply(said.status(), said.text() + BEFORE + r.reply());
        try {
            if (!(store instanceof LedgerNotes notes) || !notes.note(id, number, both)) {
                return false;
            }
        } catch (SpoolException | RuntimeException e) {
            LOG.warn(
                    "{}: what a report says of {} is not kept: {}",
                    id,
                    r.recipient().address(),
                    e.toString());
            return false;
        }
        LOG.info("{} {}: {}", id, r.recipient().address(), said);
        RecipientStatus noted =
                new RecipientStatus(r.recipient(), r.state(), r.attempts(), r.due(), r.changed(), r.transport(), both);
        events.emit(new SpoolEvent.Reported(id, clock.instant(), noted));
        return true;
    }
}
