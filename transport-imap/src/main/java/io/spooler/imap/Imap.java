package io.spooler.imap;

import io.spooler.Origins;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of an IMAP server (RFC 3501, RFC 9051), with UIDs. An id is {@code UIDVALIDITY/UID}: what the server promises
 * never to use for another message. Where nothing is to change there, the folder is opened for reading only.
 */
final class Imap implements Remote {

    private static final Pattern UID = Pattern.compile("\\bUID (\\d{1,10})\\b");
    private static final Pattern SIZE = Pattern.compile("\\bRFC822\\.SIZE (\\d{1,18})\\b");
    private static final Pattern FETCH = Pattern.compile("(\\d{1,10}) FETCH \\(.*");
    private static final int MOST_IN_SET = 500;

    private final ImapDialog dialog;
    private final boolean changes;
    private final List<String> deleted = new ArrayList<>();
    private String validity = "";
    private String next = "";

    private Imap(ImapDialog dialog, boolean changes) {
        this.dialog = dialog;
        this.changes = changes;
    }

    /**
     * Greets, logs in, opens the folder.
     *
     * @param wire connected, with TLS if that is implicit; closed by the caller if this fails
     * @param account whose
     * @return ready
     */
    static Imap open(Wire wire, Account account) throws IOException {
        ImapDialog dialog = new ImapDialog(wire);
        ImapLogin.run(dialog, wire, account);
        Imap imap = new Imap(dialog, account.after() != Account.After.LEAVE || account.headers());
        imap.select(account.folder());
        return imap;
    }

    private void select(String folder) throws IOException {
        String end = dialog.command(
                (changes ? "SELECT " : "EXAMINE ") + ImapDialog.quoted(folder), "cannot open " + folder, this::opened);
        if (validity.isEmpty()) {
            throw new IOException("the server has no lasting ids (UIDVALIDITY) for " + folder);
        }
        if (changes && end.toUpperCase(Locale.ROOT).startsWith("[READ-ONLY]")) {
            throw new IOException("the server lets nobody change " + folder + "; set after=leave");
        }
    }

    private void opened(String untagged) {
        String text = untagged.toUpperCase(Locale.ROOT);
        validity = number(text, "OK [UIDVALIDITY ", validity);
        next = number(text, "OK [UIDNEXT ", next);
    }

    private static String number(String text, String start, String absent) {
        int end = text.indexOf(']');
        String number = text.startsWith(start) && end > 0 ? text.substring(start.length(), end) : "";
        return number.matches("[1-9]\\d{0,9}") ? number : absent;
    }

    @Override
    public String era() {
        return validity + "/";
    }

    /** UIDNEXT is that of the time when the folder was opened, so what came since must be listed. */
    @Override
    public String state() throws IOException {
        String opened = next;
        next = "";
        return opened.isEmpty() ? "" : era() + opened + "/" + dialog.exists();
    }

    @Override
    public List<Item> list() throws IOException {
        Map<Long, Listed> found = new TreeMap<>();
        dialog.listing();
        if (dialog.exists() > 0) {
            dialog.command("UID FETCH 1:* (UID RFC822.SIZE)", "cannot list", line -> put(found, line));
        }
        return found.values().stream().map(Listed::item).toList();
    }

    /** A message, and its number in the folder: two of them tell that a UID is that of two messages. */
    private record Listed(Item item, String number) {

        private Listed and(Listed other) {
            return number.equals(other.number) ? this : new Listed(new Item(item.id(), item.size(), true), number);
        }
    }

    private void put(Map<Long, Listed> found, String line) throws IOException {
        Matcher fetch = FETCH.matcher(line);
        Matcher uid = UID.matcher(line);
        Matcher size = SIZE.matcher(line);
        if (!fetch.matches() || !uid.find() || !size.find()) {
            return;
        }
        long number = Long.parseLong(uid.group(1));
        Item item = new Item(era() + number, Long.parseLong(size.group(1)), false);
        found.merge(number, new Listed(item, fetch.group(1)), Listed::and);
        if (found.size() > Origins.MOST) {
            throw new IOException("more than " + Origins.MOST + " messages are on the server; delete some there");
        }
    }

    @Override
    public void fetch(Item item, Sink sink) throws IOException {
        fetch(item, "", sink);
    }

    @Override
    public void header(Item item, Sink sink) throws IOException {
        fetch(item, "HEADER", sink);
    }

    /** The set of one: a server that answers with another message is not believed. */
    private void fetch(Item item, String section, Sink sink) throws IOException {
        String uid = uid(item);
        FetchedPart part = new FetchedPart(uid, section, sink);
        dialog.fetch("UID FETCH " + uid + " (UID BODY.PEEK[" + section + "])", part);
        if (!part.isComplete()) {
            throw new Refused("message " + item.id() + " is not given", "nothing came", false);
        }
    }

    private String uid(Item item) {
        return item.id().substring(era().length());
    }

    @Override
    public void delete(Item item) throws IOException {
        store(item, "\\Deleted");
        deleted.add(uid(item));
    }

    @Override
    public void seen(Item item) throws IOException {
        store(item, "\\Seen");
    }

    private void store(Item item, String flag) throws IOException {
        dialog.command("UID STORE " + uid(item) + " +FLAGS.SILENT (" + flag + ")", "cannot mark", line -> {});
    }

    /** With UIDPLUS (RFC 4315) only ours go; without it also what others have marked as deleted, as is the custom. */
    @Override
    public void finish() throws IOException {
        for (int from = 0; from < deleted.size(); from += MOST_IN_SET) {
            List<String> some = deleted.subList(from, Math.min(deleted.size(), from + MOST_IN_SET));
            String command = dialog.can("UIDPLUS") ? "UID EXPUNGE " + String.join(",", some) : "EXPUNGE";
            dialog.command(command, "cannot delete", line -> {});
        }
        deleted.clear();
    }

    @Override
    public boolean canWait() {
        return dialog.can("IDLE");
    }

    @Override
    public void await(Duration most) throws IOException {
        dialog.idle(most);
    }

    @Override
    public void wake() {
        dialog.wake();
    }

    @Override
    public void close() {
        dialog.close();
    }
}
