package io.spooler.shell;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows the entries of a folder. Any thread; blocks for the disk.
 *
 * @param mailboxes where the content is read
 */
record Inbox(Mailboxes mailboxes) {

    /** A subject further down is not shown. */
    private static final int LIMIT = 8 * 1024;

    private static final Pattern SUBJECT =
            Pattern.compile("^subject:(.*)$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    String text(List<Mailboxes.Entry> entries) throws IOException {
        Table table = new Table("ID", "FROM", "DATE", "SIZE", "FLAGS", "SUBJECT");
        for (Mailboxes.Entry entry : entries) {
            table.row(
                    entry.id(),
                    sender(entry),
                    Texts.time(entry.received()),
                    entry.size(),
                    new TreeSet<>(entry.flags()),
                    subject(entry));
        }
        return entries.isEmpty() ? "No messages." : table.toString();
    }

    private static String sender(Mailboxes.Entry entry) {
        return entry.sender() == null ? "<>" : entry.sender().toString();
    }

    /** On one line: its sequence, where it is, what it is. */
    String line(Mailboxes.Entry entry) throws IOException {
        return Reply.clean(String.join(
                "  ",
                Long.toString(entry.sequence()),
                entry.id().toString(),
                Texts.time(entry.received()),
                entry.mailbox() + "/" + entry.folder(),
                entry.messageClass(),
                Long.toString(entry.size()),
                entry.flags().isEmpty() ? "-" : String.join(",", new TreeSet<>(entry.flags())),
                sender(entry),
                Objects.requireNonNullElse(subject(entry), "-")));
    }

    List<Map<String, @Nullable Object>> json(List<Mailboxes.Entry> entries) throws IOException {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Mailboxes.Entry entry : entries) {
            list.add(json(entry));
        }
        return list;
    }

    Map<String, @Nullable Object> json(Mailboxes.Entry entry) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", entry.id().toString());
        map.put("mailbox", entry.mailbox());
        map.put("folder", entry.folder());
        map.put("sender", Texts.exact(entry.sender()));
        map.put("received", Texts.exact(entry.received()));
        map.put("size", entry.size());
        map.put("subject", subject(entry));
        map.put("flags", entry.flags());
        map.put("class", entry.messageClass());
        map.put("sequence", entry.sequence());
        return map;
    }

    /** As it stands in the message: unfolded, encoded words not decoded. */
    private @Nullable String subject(Mailboxes.Entry entry) throws IOException {
        Optional<Content> content = mailboxes.content(entry.id());
        if (content.isEmpty()) {
            return null;
        }
        String start = new String(content.get().open().readNBytes(LIMIT), StandardCharsets.UTF_8);
        String header = start.split("\\r?\\n\\r?\\n", 2)[0].replaceAll("\\r?\\n[ \\t]", " ");
        Matcher matcher = SUBJECT.matcher(header);
        return matcher.find() ? matcher.group(1).strip() : null;
    }
}
