package io.spooler.store.file;

import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.Origins;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.testkit.StoreKit;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** All that a store says, as lines of text, so that two can be compared. */
final class Description {

    /** Whose origins are told. */
    static final String SOURCE = "imap-random";

    private static final int MANY = 100_000;

    private Description() {}

    static String of(FileStore store, Instant now) throws Exception {
        StringBuilder out = new StringBuilder();
        out.append(store.status().messages()).append(' ');
        out.append(new java.util.TreeMap<>(store.status().recipients())).append('\n');
        out.append("due ").append(store.nextDue()).append('\n');
        List<MessageStatus> all = store.query(QueueFilter.ALL, null, MANY);
        for (MessageStatus status : all) {
            out.append(message(store.find(status.id()).orElseThrow())).append('\n');
        }
        for (String mailbox : store.folders().mailboxes()) {
            for (String folder : List.of(Mailboxes.INBOX, "folder0", "folder1", "folder2")) {
                for (Mailboxes.Entry entry : store.folders().list(mailbox, folder, -1, MANY)) {
                    String content =
                            StoreKit.text(store.folders().content(entry.id()).orElseThrow());
                    out.append(entry).append(' ').append(content.hashCode()).append('\n');
                }
            }
        }
        store.folders().origins().of(SOURCE).stream()
                .sorted(Comparator.comparing(Origins.Origin::id))
                .forEach(origin -> out.append(origin).append('\n'));
        for (int hours : List.of(0, 1, 100)) {
            out.append(claimed(store, now.plus(Duration.ofHours(hours)))).append('\n');
        }
        return out.toString();
    }

    private static String message(Message message) throws Exception {
        return message.status() + " " + message.crashes() + " " + message.envelope() + " "
                + StoreKit.text(message.accepted()).hashCode() + " "
                + StoreKit.text(message.content()).hashCode();
    }

    private static String claimed(FileStore store, Instant now) {
        return store.claim(MANY, now, Duration.ofDays(1000)).stream()
                .map((Claim claim) -> claim.message().id() + "" + claim.due())
                .collect(Collectors.joining(" "));
    }
}
