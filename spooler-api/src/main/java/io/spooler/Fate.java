package io.spooler;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a message that came in (R26).
 *
 * @param id the message
 * @param time when
 * @param kind what
 * @param mailbox whose, or for whom it came
 * @param folder where it was filed; empty if it was removed
 * @param reason who removed it, or why it is in quarantine; else empty
 */
public record Fate(SpoolId id, Instant time, Kind kind, String mailbox, String folder, String reason) {

    /** The ends. */
    public enum Kind {
        /** It is in a folder, or was. */
        FILED,
        /** A postprocessor took it out: it was never in a folder. */
        REMOVED,
        /** A postprocessor failed, or wants it looked at: it is in {@link Mailboxes#QUARANTINE}. */
        QUARANTINED
    }

    /**
     * What the place of a message tells.
     *
     * @param entry where it is
     * @return filed, or quarantined if a flag has a reason
     */
    public static Fate of(Mailboxes.Entry entry) {
        Optional<String> reason = entry.flags().stream()
                .filter(flag -> flag.startsWith(Mailboxes.REASON))
                .map(flag -> flag.substring(Mailboxes.REASON.length()))
                .findFirst();
        Kind kind = reason.isPresent() ? Kind.QUARANTINED : Kind.FILED;
        return new Fate(entry.id(), entry.received(), kind, entry.mailbox(), entry.folder(), reason.orElse(""));
    }
}
