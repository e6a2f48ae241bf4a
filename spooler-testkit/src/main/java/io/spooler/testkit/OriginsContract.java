package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.get;
import static io.spooler.testkit.StoreKit.refused;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes.Entry;
import io.spooler.Origins;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException.Reason;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Where messages came from: filed once, remembered until forgotten. Part of {@link MessageStoreContract}. */
public interface OriginsContract {

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    private Origins origins() {
        return kit().store().folders().origins();
    }

    private static Origin origin(String id) {
        return new Origin("imap-a", id, "print of " + id);
    }

    private CompletionStage<Entry> begin(Origin origin) throws Exception {
        Incoming incoming = kit().store().folders().receive();
        write(incoming, "Subject: x\r\n\r\nbody\r\n");
        return incoming.file(new Filing("ann", "INBOX", "mail.note", null, Set.of()), origin);
    }

    /** R53: the commit that files a message remembers where it came from, and no other is filed for that. */
    @Test
    default void filesOneMessageOfAnOrigin() throws Exception {
        Entry entry = get(begin(origin("7")));
        refused(begin(origin("7")), Reason.KNOWN);
        get(begin(origin("8")));
        get(begin(new Origin("imap-b", "7", "")));
        assertThat(kit().store().folders().list("ann", "INBOX", 0, 10)).hasSize(3);
        assertThat(origins().of("imap-a")).containsExactlyInAnyOrder(origin("7"), origin("8"));
        kit().store().folders().delete(entry.id());
        kit().reopen();
        assertThat(origins().of("imap-a")).containsExactlyInAnyOrder(origin("7"), origin("8"));
        assertThat(origins().of("imap-b")).containsExactly(new Origin("imap-b", "7", ""));
        refused(begin(origin("7")), Reason.KNOWN);
    }

    /** Of two that are filed at the same moment, one is; the other is known only once that is safe. */
    @Test
    default void filesOneOfTwoAtTheSameMoment() throws Exception {
        List<CompletionStage<Entry>> stages = List.of(begin(origin("7")), begin(origin("7")));
        get(stages.get(0));
        refused(stages.get(1), Reason.KNOWN, Reason.NOT_NOW);
        refused(begin(origin("7")), Reason.KNOWN);
        assertThat(kit().store().folders().list("ann", "INBOX", 0, 10)).hasSize(1);
    }

    /** What is remembered without a message is remembered likewise; what is forgotten may come again. */
    @Test
    default void remembersAndForgets() throws Exception {
        origins().remember(origin("7"));
        origins().remember(origin("8"));
        refused(begin(origin("7")), Reason.KNOWN);
        origins().forget("imap-a", List.of("7", "9"));
        assertThat(origins().of("imap-a")).containsExactly(origin("8"));
        get(begin(origin("7")));
        origins().forget("imap-a", List.of("7"));
        kit().reopen();
        assertThat(origins().of("imap-a")).containsExactly(origin("8"));
        get(begin(origin("7")));
        kit().reopen();
        assertThat(origins().of("imap-a")).containsExactlyInAnyOrder(origin("7"), origin("8"));
    }

    /** A later print replaces the former one. */
    @Test
    default void remembersTheLastPrint() throws Exception {
        get(begin(origin("7")));
        Origin changed = new Origin("imap-a", "7", "another print");
        origins().remember(changed);
        kit().reopen();
        assertThat(origins().of("imap-a")).containsExactly(changed);
    }
}
