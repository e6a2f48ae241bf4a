package io.spooler.store.file.folder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The messages of one folder in order of their sequence. Guarded by the lock of the store. */
final class Folder {

    private final String name;
    private final List<Filed> messages = new ArrayList<>();

    Folder(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    int size() {
        return messages.size();
    }

    /** The sequence of the last message, or 0. */
    long last() {
        return messages.isEmpty() ? 0 : messages.get(messages.size() - 1).sequence;
    }

    /** Nearly always at the end; a moved message goes between. */
    void add(Filed filed) {
        messages.add(after(filed.sequence), filed);
    }

    /** At once, since they come in no order. */
    void fill(Iterable<Filed> all) {
        messages.clear();
        all.forEach(messages::add);
        messages.sort(Comparator.comparingLong(filed -> filed.sequence));
    }

    void remove(Filed filed) {
        int index = after(filed.sequence - 1);
        if (index < messages.size() && messages.get(index) == filed) {
            messages.remove(index);
        }
    }

    List<Filed> list(long sequence, int limit) {
        int from = after(sequence);
        return List.copyOf(messages.subList(from, Math.min(messages.size(), from + Math.max(0, limit))));
    }

    /** Index of the first message with a larger sequence. */
    private int after(long sequence) {
        int low = 0;
        int high = messages.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (messages.get(middle).sequence <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
