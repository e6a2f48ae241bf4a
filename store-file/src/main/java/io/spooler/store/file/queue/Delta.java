package io.spooler.store.file.queue;

import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import java.util.List;

/**
 * The new entries of some recipients, as a DELTA record holds them: absolute, so that applying one twice does no harm.
 *
 * @param previous the record that it builds upon
 * @param changes new entries
 */
record Delta(long previous, List<Change> changes) {

    /** One recipient's new entry, without its recipient. */
    record Change(int recipient, Bare status) {}

    /** A ledger entry whose recipient is not known yet. */
    record Bare(RecipientStatus status) {

        RecipientStatus of(Recipient recipient) {
            return new RecipientStatus(
                    recipient,
                    status.state(),
                    status.attempts(),
                    status.due(),
                    status.changed(),
                    status.transport(),
                    status.reply());
        }
    }
}
