package io.spooler.imap;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.transport.Inlet;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: a look at the mailbox, and others for as long as the server tells what is new. It has a thread of its
 * own, which ends with it; the other methods may be called on any.
 */
final class Visit {

    /** Servers may hang up after 30 minutes (RFC 2177). */
    private static final Duration WAIT = Duration.ofMinutes(25);

    private final String transport;
    private final Account account;
    private final @Nullable Inlet inlet;
    private final Supplier<@Nullable Mailboxes> mailboxes;
    private final Notes notes;
    private final Consumer<Round.Result> looked;
    private final Wire wire;
    private volatile @Nullable Remote remote;
    private volatile boolean ending;

    /**
     * Connects to nothing yet.
     *
     * @param transport its name
     * @param account whose
     * @param inlet takes messages; null to connect and do no more
     * @param mailboxes where headers are, if they are there at present
     * @param notes of the account
     * @param looked hears of each look
     */
    Visit(
            String transport,
            Account account,
            @Nullable Inlet inlet,
            Supplier<@Nullable Mailboxes> mailboxes,
            Notes notes,
            Consumer<Round.Result> looked) {
        this.transport = transport;
        this.account = account;
        this.inlet = inlet;
        this.mailboxes = mailboxes;
        this.notes = notes;
        this.looked = looked;
        this.wire = new Wire(account.replyTimeout());
    }

    /**
     * Goes there; ends the connection however it ends.
     *
     * @throws IOException if the server is out of reach or out of order
     * @throws SpoolException if the spooler takes nothing at present
     */
    void run() throws IOException, SpoolException {
        try (wire) {
            wire.open(account.host(), account.port(), account.connectTimeout());
            if (account.implicit() && account.trust() != null) {
                wire.secure(account.trust(), account.host());
            }
            Remote opened = account.pop() ? Pop.open(wire, account) : Imap.open(wire, account);
            remote = opened;
            if (inlet != null) {
                look(opened, inlet);
            }
        }
    }

    private void look(Remote opened, Inlet to) throws IOException, SpoolException {
        boolean again = account.idle() && opened.canWait();
        do {
            looked.accept(new Round(transport, account, to, mailboxes.get(), notes, () -> ending).run(opened));
            if (again && !ending) {
                opened.await(WAIT);
            }
        } while (again && !ending);
    }

    /** Look again, now. */
    void wake() {
        Remote now = remote;
        if (now != null) {
            now.wake();
        }
    }

    /** End behind the message that is under way. */
    void end() {
        ending = true;
        wake();
    }

    /** End now: a message that is under way is left on the server. */
    void cut() {
        ending = true;
        wire.close();
    }
}
