package io.spooler.testkit;

import static io.spooler.testkit.StoreKit.get;
import static io.spooler.testkit.StoreKit.text;
import static io.spooler.testkit.StoreKit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolId;
import io.spooler.store.Folders;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Mailboxes: file, list, mark, move, delete. Part of {@link MessageStoreContract}. */
public interface FoldersContract {

    /**
     * The store under test.
     *
     * @return the same object in one test
     */
    StoreKit kit();

    private Folders folders() {
        return kit().store().folders();
    }

    /** R53: an entry exists once it is filed, and not before; it can be read back meanwhile. */
    @Test
    default void filesAMessage() throws Exception {
        Filing filing = new Filing("Ann", "INBOX", "mail.note", Address.smtp("bob@example.org"), Set.of("\\Recent"));
        Incoming incoming = folders().receive();
        write(incoming, "Subject: x\r\n");
        write(incoming, "\r\nbody\r\n");
        assertThat(text(incoming.content())).isEqualTo("Subject: x\r\n\r\nbody\r\n");
        assertThat(folders().mailboxes()).isEmpty();
        SpoolId id = incoming.id();
        Entry entry = get(incoming.file(filing));
        assertThat(entry.id()).isEqualTo(id);
        assertThat(entry.mailbox()).isEqualTo("Ann");
        assertThat(entry.folder()).isEqualTo("INBOX");
        assertThat(entry.messageClass()).isEqualTo("mail.note");
        assertThat(entry.sender()).isEqualTo(Address.smtp("bob@example.org"));
        assertThat(entry.received()).isEqualTo(kit().now());
        assertThat(entry.size()).isEqualTo(20);
        assertThat(entry.flags()).containsExactly("\\Recent");
        assertThat(folders().list("Ann", "INBOX", 0, 10)).containsExactly(entry);
        assertThat(folders().entry(entry.id())).contains(entry);
        assertThat(text(folders().content(entry.id()).orElseThrow())).isEqualTo("Subject: x\r\n\r\nbody\r\n");
        kit().reopen();
        assertThat(folders().entry(entry.id())).contains(entry);
        assertThat(text(folders().content(entry.id()).orElseThrow())).isEqualTo("Subject: x\r\n\r\nbody\r\n");
    }

    /** What is closed was never there. */
    @Test
    default void forgetsWhatIsNotFiled() throws Exception {
        try (Incoming incoming = folders().receive()) {
            write(incoming, "x");
        }
        assertThat(folders().mailboxes()).isEmpty();
        assertThat(kit().store().status().messages()).isZero();
    }

    /** The queue and the folders do not mix. */
    @Test
    default void keepsFoldersOutOfTheQueue() throws Exception {
        Entry entry = kit().file("ann", "INBOX");
        assertThat(kit().claim(10)).isEmpty();
        assertThat(kit().store().nextDue()).isEmpty();
        assertThat(kit().store().find(entry.id())).isEmpty();
        SpoolId queued = kit().submit("ann@example.org");
        assertThat(folders().entry(queued)).isEmpty();
        assertThat(folders().content(queued)).isEmpty();
    }

    /** Oldest first, after a sequence number, up to a limit; sequences grow for ever. */
    @Test
    default void listsInPages() throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            entries.add(kit().file("ann", i % 4 == 3 ? "Other" : "INBOX"));
        }
        assertThat(entries).extracting(Entry::sequence).isSorted().doesNotHaveDuplicates();
        List<Entry> inbox =
                entries.stream().filter(e -> e.folder().equals("INBOX")).toList();
        assertThat(folders().list("ann", "INBOX", 0, 100)).isEqualTo(inbox);
        assertThat(folders().list("ann", "INBOX", 0, 4)).isEqualTo(inbox.subList(0, 4));
        assertThat(folders().list("ann", "INBOX", inbox.get(3).sequence(), 4)).isEqualTo(inbox.subList(4, 8));
        assertThat(folders().list("ann", "INBOX", inbox.get(8).sequence(), 4)).isEmpty();
        assertThat(folders().list("ann", "Missing", 0, 4)).isEmpty();
        assertThat(folders().list("nobody", "INBOX", 0, 4)).isEmpty();
        kit().reopen();
        assertThat(kit().file("ann", "INBOX").sequence())
                .isGreaterThan(entries.get(11).sequence());
    }

    /** The feed: all mailboxes in the order of filing, in pages, over moves, deletions and restarts. */
    @Test
    default void feedsWhatWasFiledInOrder() throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            entries.add(kit().file(i % 2 == 0 ? "ann" : "bob", i % 3 == 0 ? "Other" : "INBOX"));
        }
        assertThat(folders().since(0, 100)).isEqualTo(entries);
        assertThat(folders().since(0, 4)).isEqualTo(entries.subList(0, 4));
        assertThat(folders().since(entries.get(3).sequence(), 100)).isEqualTo(entries.subList(4, 9));
        assertThat(folders().sequence()).isEqualTo(entries.get(8).sequence());
        assertThat(folders().since(folders().sequence(), 100)).isEmpty();

        assertThat(folders().move(entries.get(4).id(), "Archive")).isTrue();
        assertThat(folders().delete(entries.get(5).id())).isTrue();
        kit().reopenIfDurable();
        assertThat(folders().since(entries.get(3).sequence(), 100))
                .extracting(Entry::id)
                .containsExactly(
                        entries.get(4).id(),
                        entries.get(6).id(),
                        entries.get(7).id(),
                        entries.get(8).id());
        Entry later = kit().file("ann", "INBOX");
        assertThat(folders().since(entries.get(8).sequence(), 100)).containsExactly(later);
    }

    /** R55: a client that asks behind what it has seen misses nothing, while others file and over reopenings. */
    @Test
    default void aWatcherSeesEachOfTenThousandMessagesOnceAndInOrder() throws Exception {
        List<Entry> seen = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            List<CompletionStage<Entry>> filings = new ArrayList<>();
            for (int k = 0; k < 2500; k++) {
                Incoming incoming = folders().receive();
                write(incoming, "x");
                filings.add(incoming.file(new Filing("box" + k % 7, "INBOX", "mail", null, Set.of())));
                if (k % 50 == 0) {
                    look(seen);
                }
            }
            for (CompletionStage<Entry> filing : filings) {
                get(filing);
            }
            if (i % 2 == 0) {
                kit().reopenIfDurable();
            }
            look(seen);
            assertThat(seen).hasSize(i * 2500);
        }
        assertThat(seen).extracting(Entry::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(seen).extracting(Entry::id).doesNotHaveDuplicates();
    }

    private void look(List<Entry> seen) {
        List<Entry> page;
        do {
            page = folders()
                    .since(seen.isEmpty() ? 0 : seen.get(seen.size() - 1).sequence(), 100);
            seen.addAll(page);
        } while (!page.isEmpty());
    }

    /** Folders and how much is in them, by the names that were written first. */
    @Test
    default void countsWhatIsInFolders() throws Exception {
        kit().file("Ann", "INBOX");
        kit().file("ann", "inbox");
        Entry other = kit().file("ann", "Other");
        kit().file("bob", "INBOX");
        assertThat(folders().folders("ANN")).containsExactly(Map.entry("INBOX", 2), Map.entry("Other", 1));
        assertThat(folders().folders("nobody")).isEmpty();
        folders().move(other.id(), "Archive");
        kit().reopenIfDurable();
        assertThat(folders().folders("ann")).contains(Map.entry("Archive", 1), Map.entry("INBOX", 2));
    }

    /** Names are kept as first written and compared without case. */
    @Test
    default void comparesNamesWithoutCase() throws Exception {
        Entry first = kit().file("Ann", "Inbox");
        Entry second = kit().file("ANN", "INBOX");
        kit().file("bob", "INBOX");
        assertThat(second.mailbox()).isEqualTo("Ann");
        assertThat(second.folder()).isEqualTo("Inbox");
        assertThat(folders().list("aNN", "iNBOX", 0, 10)).containsExactly(first, second);
        assertThat(folders().mailboxes()).containsExactly("Ann", "bob");
        assertThat(folders().exists("aNN")).isTrue();
        assertThat(folders().exists("an")).isFalse();
    }

    /** A name is a name and never a path. */
    @Test
    default void takesNamesAsTheyAre() throws Exception {
        String wild = "../../etc/passwd |sh %00 \u00e4\u20ac";
        Entry entry = kit().file(wild, "a/b\\c");
        kit().reopenIfDurable();
        assertThat(folders().list(wild, "a/b\\c", 0, 10)).containsExactly(entry);
        assertThat(folders().mailboxes()).containsExactly(wild);
    }

    /** Flags are replaced, durably. */
    @Test
    default void marks() throws Exception {
        Entry entry = kit().file("ann", "INBOX");
        assertThat(folders().mark(entry.id(), Set.of("\\Seen", "work"))).isTrue();
        assertThat(folders().mark(unknown(), Set.of("\\Seen"))).isFalse();
        kit().reopenIfDurable();
        assertThat(folders().entry(entry.id()).orElseThrow().flags()).containsExactlyInAnyOrder("\\Seen", "work");
        assertThat(folders().mark(entry.id(), Set.of())).isTrue();
        kit().reopen();
        assertThat(folders().entry(entry.id()).orElseThrow().flags()).isEmpty();
    }

    private SpoolId unknown() {
        return SpoolId.next(kit().now(), ThreadLocalRandom.current());
    }

    /** To another folder of the same mailbox, durably. */
    @Test
    default void moves() throws Exception {
        Entry entry = kit().file("ann", "INBOX");
        assertThat(folders().move(entry.id(), "Archive")).isTrue();
        assertThat(folders().move(unknown(), "Archive")).isFalse();
        assertThat(folders().list("ann", "INBOX", 0, 10)).isEmpty();
        assertThat(folders().list("ann", "archive", 0, 10))
                .extracting(Entry::id)
                .containsExactly(entry.id());
        kit().reopen();
        assertThat(folders().entry(entry.id()).orElseThrow().folder()).isEqualTo("Archive");
        assertThat(text(folders().content(entry.id()).orElseThrow())).isEqualTo(StoreKit.TEXT);
    }

    /** Gone is gone; the mailbox stays known. */
    @Test
    default void deletes() throws Exception {
        Entry entry = kit().file("ann", "INBOX");
        Entry other = kit().file("ann", "INBOX");
        assertThat(folders().delete(entry.id())).isTrue();
        assertThat(folders().delete(entry.id())).isFalse();
        assertThat(folders().entry(entry.id())).isEmpty();
        assertThat(folders().content(entry.id())).isEmpty();
        assertThat(folders().list("ann", "INBOX", 0, 10)).containsExactly(other);
        assertThat(folders().delete(other.id())).isTrue();
        kit().reopen();
        assertThat(folders().list("ann", "INBOX", 0, 10)).isEmpty();
        assertThat(folders().mailboxes()).containsExactly("ann");
    }

    /** Large content is filed, too. */
    @Test
    default void filesALargeMessage() throws Exception {
        String large = "0123456789abcdef".repeat(40_000);
        Incoming incoming = folders().receive();
        write(incoming, large);
        assertThat(text(incoming.content())).isEqualTo(large);
        Entry entry = get(incoming.file(new Filing("ann", "INBOX", "mail", null, Set.of())));
        kit().reopenIfDurable();
        assertThat(text(folders().content(entry.id()).orElseThrow())).isEqualTo(large);
    }

    /** R48: the copy of a sender has an id that follows from that of its message, so that there is one and no second. */
    @Test
    default void filesUnderAGivenIdOnce() throws Exception {
        String large = "0123456789abcdef".repeat(40_000);
        SpoolId queued = kit().submit("ann@example.org");
        SpoolId id = queued.sentCopy();
        try (Incoming abandoned = folders().receive(id)) {
            write(abandoned, large);
        }
        Incoming incoming = folders().receive(id);
        write(incoming, large);
        Entry entry = get(incoming.file(new Filing("ann", "Sent", "mail", null, Set.of())));
        assertThat(entry.id()).isEqualTo(id);
        kit().reopenIfDurable();
        assertThat(folders().list("ann", "Sent", 0, 10)).containsExactly(entry);
        assertThat(text(folders().content(id).orElseThrow())).isEqualTo(large);
        assertThat(kit().find(queued).complete()).isFalse();
        assertThatThrownBy(() -> folders().receive(id)).isInstanceOf(IllegalArgumentException.class);
        assertThat(folders().delete(id)).isTrue();
        kit().reopenIfDurable();
        assertThat(folders().list("ann", "Sent", 0, 10)).isEmpty();
    }
}
