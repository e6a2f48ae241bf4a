package io.spooler.imap;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The messages of a mailbox of which only the header is here, and what clients want done with the rest (R58). Blocks for
 * the disk. One thread.
 */
final class Headers {

    private static final int PAGE = 500;
    private static final String DELETED = "\\Deleted";

    private final Mailboxes mailboxes;
    private final String mailbox;
    private final String start;

    /**
     * A header.
     *
     * @param entry what is here
     * @param id of the message on the server
     */
    record Header(Mailboxes.Entry entry, String id) {

        boolean isToDownload() {
            return entry.flags().contains(Mailboxes.DOWNLOAD);
        }

        boolean isToDelete() {
            return entry.flags().contains(DELETED);
        }
    }

    Headers(Mailboxes mailboxes, String transport, String mailbox) {
        this.mailboxes = mailboxes;
        this.mailbox = mailbox;
        this.start = flag(transport, "");
    }

    /** By which a header is known. */
    static String flag(String transport, String id) {
        return Mailboxes.REMOTE + transport + " " + id;
    }

    /** All headers of this account, in whatever folder. */
    List<Header> all() {
        List<Header> found = new ArrayList<>();
        for (String folder : mailboxes.folders(mailbox).keySet()) {
            long after = 0;
            List<Mailboxes.Entry> page;
            do {
                page = mailboxes.list(mailbox, folder, after, PAGE);
                for (Mailboxes.Entry entry : page) {
                    after = entry.sequence();
                    add(found, entry, entry.flags());
                }
            } while (page.size() == PAGE);
        }
        return found;
    }

    private void add(List<Header> found, Mailboxes.Entry entry, Set<String> flags) {
        for (String flag : flags) {
            if (flag.startsWith(start)) {
                found.add(new Header(entry, flag.substring(start.length())));
            }
        }
    }

    /** Takes headers away whose message is here, or is nowhere. */
    void drop(List<Header> done) throws SpoolException {
        for (Header header : done) {
            mailboxes.delete(header.entry().id());
        }
    }
}
