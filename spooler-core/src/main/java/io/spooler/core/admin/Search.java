package io.spooler.core.admin;

import io.spooler.MessageStatus;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Window;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the queue, page by page. The stores are asked on the caller's thread; the loop only says, for one page at a
 * time, what is in work. Any thread but the loop.
 *
 * @param loop owns the window
 * @param present what is present
 * @param window what is in work
 */
record Search(Loop loop, Supplier<Snapshot> present, Window window) {

    private static final int PAGE = 1000;

    /** Hands over all messages that match, in order of submission, a page at a time. */
    void each(Matcher matcher, Consumer<List<MessageStatus>> next) {
        SpoolId last = null;
        for (List<MessageStatus> page = page(matcher, last); !page.isEmpty(); page = page(matcher, last)) {
            last = page.get(page.size() - 1).id();
            next.accept(page.stream().filter(matcher::matches).toList());
        }
    }

    /** The first messages that match. */
    List<MessageStatus> first(Matcher matcher, @Nullable SpoolId after, int limit) {
        List<MessageStatus> found = new ArrayList<>();
        SpoolId last = after;
        while (found.size() < limit) {
            List<MessageStatus> page = page(matcher, last);
            if (page.isEmpty()) {
                break;
            }
            last = page.get(page.size() - 1).id();
            page.stream().filter(matcher::matches).limit(limit - found.size()).forEach(found::add);
        }
        return found;
    }

    /** Messages that may match; empty behind the last one. */
    private List<MessageStatus> page(Matcher matcher, @Nullable SpoolId after) {
        Optional<Set<SpoolId>> ids = matcher.ids();
        Optional<QueueFilter> filter = matcher.stored();
        if (filter.isEmpty()) {
            return List.of();
        }
        List<MessageStatus> stored = ids.isPresent() ? named(ids.get(), after) : stored(filter.get(), after);
        return stored.isEmpty()
                ? stored
                : loop.call(() -> stored.stream().map(this::now).toList()).join();
    }

    private List<MessageStatus> stored(QueueFilter filter, @Nullable SpoolId after) {
        return present.get().stores().stream()
                .flatMap(entry -> entry.store().query(filter, after, PAGE).stream())
                .sorted(Comparator.comparing(MessageStatus::id))
                .limit(PAGE)
                .toList();
    }

    private List<MessageStatus> named(Set<SpoolId> ids, @Nullable SpoolId after) {
        return new TreeSet<>(ids)
                .stream()
                        .filter(id -> after == null || id.compareTo(after) > 0)
                        .flatMap(id -> present.get().stores().stream()
                                .map(entry -> entry.store().find(id))
                                .flatMap(Optional::stream))
                        .filter(message -> !message.complete())
                        .map(Message::status)
                        .limit(PAGE)
                        .toList();
    }

    private MessageStatus now(MessageStatus stored) {
        return window.find(stored.id())
                .map((ActiveMessage active) -> active.status(false))
                .orElse(stored);
    }
}
