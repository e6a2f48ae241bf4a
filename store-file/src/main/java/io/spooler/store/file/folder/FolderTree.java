package io.spooler.store.file.folder;

import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of mailboxes and folders: kept as first written, compared without case. Guarded by the lock of the store. */
final class FolderTree {

    /** One mailbox. */
    private static final class Mailbox {

        private final String name;
        private final TreeMap<String, Folder> folders = new TreeMap<>();
        private boolean visible;

        Mailbox(String name) {
            this.name = name;
        }
    }

    private final TreeMap<String, Mailbox> mailboxes = new TreeMap<>();
    private final Folder all = new Folder("");

    /** The messages of all folders: the feed. */
    Folder all() {
        return all;
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The spelling that counts. */
    String mailbox(String name) {
        return mailboxes.computeIfAbsent(fold(name), k -> new Mailbox(name)).name;
    }

    Folder folder(String mailbox, String name) {
        return mailboxes
                .computeIfAbsent(fold(mailbox), k -> new Mailbox(mailbox))
                .folders
                .computeIfAbsent(fold(name), k -> new Folder(name));
    }

    @Nullable
    Folder find(String mailbox, String name) {
        Mailbox box = mailboxes.get(fold(mailbox));
        return box == null ? null : box.folders.get(fold(name));
    }

    /** A mailbox is seen once something in it is durable. */
    void show(String mailbox) {
        Mailbox box = mailboxes.get(fold(mailbox));
        if (box != null) {
            box.visible = true;
        }
    }

    List<String> visible() {
        return mailboxes.values().stream()
                .filter(box -> box.visible)
                .map(box -> box.name)
                .sorted()
                .toList();
    }

    /** Names and numbers of messages. */
    SortedMap<String, Integer> sizes(String mailbox) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        Mailbox box = mailboxes.get(fold(mailbox));
        if (box != null && box.visible) {
            box.folders.values().forEach(folder -> sizes.put(folder.name(), folder.size()));
        }
        return sizes;
    }

    /** All folders, for a checkpoint. */
    void put(Encoder out, Map<Folder, Integer> numbers) {
        for (Mailbox box : mailboxes.values()) {
            box.folders.values().forEach(folder -> {
                out.text(box.name).text(folder.name()).octet(box.visible ? 1 : 0);
                numbers.put(folder, numbers.size());
            });
        }
    }

    /** A folder as it was put. */
    Folder get(Decoder in) {
        String mailbox = in.text();
        Folder folder = folder(mailbox, in.text());
        if (in.octet() != 0) {
            show(mailbox);
        }
        return folder;
    }

    /** Pairs of mailbox and folder, for the journal. */
    List<String[]> pairs() {
        List<String[]> pairs = new ArrayList<>();
        for (Mailbox box : mailboxes.values()) {
            if (box.visible) {
                box.folders.values().forEach(folder -> pairs.add(new String[] {box.name, folder.name()}));
            }
        }
        return pairs;
    }
}
