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
 */
final class Search {

    private static final int LEAST = 125;
    private static final int MOST = 8000;

    // A page of so many recipients is a few megabytes.
    private static final int MANY_RECIPIENTS = 20_000;

    private final Loop loop;
    private final Supplier<Snapshot> present;
    private final Window window;

    /**
     * Assigns.
     *
     * @param loop owns the window
     * @param present what is present
     * @param window what is in work
     */
    Search(Loop loop, Supplier<Snapshot> present, Window window) {
        this.loop = loop;
        this.present = present;
        this.window = window;
    }

    /** Hands over all messages that match, in order of submission, a page at a time. */
    void each(Matcher matcher, Consumer<List<MessageStatus>> next) {
        Pages pages = new Pages(matcher, null);
        for (List<MessageStatus> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            next.accept(page.stream().filter(matcher::matches).toList());
        }
    }

    /** The first messages that match. */
    List<MessageStatus> first(Matcher matcher, @Nullable SpoolId after, int limit) {
        List<MessageStatus> found = new ArrayList<>();
        Pages pages = new Pages(matcher, after);
        List<MessageStatus> page;
        do {
            page = found.size() < limit ? pages.next() : List.of();
            page.stream().filter(matcher::matches).limit(limit - found.size()).forEach(found::add);
        } while (!page.isEmpty());
        return found;
    }

    /**
     * Messages that may match. A store passes over its whole queue for each page, so pages grow while their messages have
     * few recipients.
     */
    private final class Pages {

        private final Matcher matcher;
        private int size = LEAST;
        private @Nullable SpoolId last;

        private Pages(Matcher matcher, @Nullable SpoolId after) {
            this.matcher = matcher;
            this.last = after;
        }

        /** Empty behind the last one. */
        private List<MessageStatus> next() {
            Optional<QueueFilter> filter = matcher.stored();
            if (filter.isEmpty()) {
                return List.of();
            }
            Optional<Set<SpoolId>> ids = matcher.ids();
            List<MessageStatus> stored =
                    ids.isPresent() ? named(ids.get(), last, size) : stored(filter.get(), last, size);
            if (stored.isEmpty()) {
                return stored;
            }
            last = stored.get(stored.size() - 1).id();
            int recipients =
                    stored.stream().mapToInt(m -> m.recipients().size()).sum();
            size = recipients < MANY_RECIPIENTS / 2 ? Math.min(MOST, size * 2) : Math.max(LEAST, size / 2);
            return overlaid(stored);
        }
    }

    /** What is in work, as the core sees it. */
    private List<MessageStatus> overlaid(List<MessageStatus> stored) {
        return loop.call(() -> stored.stream().map(this::now).toList()).join();
    }

    private List<MessageStatus> stored(QueueFilter filter, @Nullable SpoolId after, int limit) {
        return present.get().stores().stream()
                .flatMap(entry -> entry.store().query(filter, after, limit).stream())
                .sorted(Comparator.comparing(MessageStatus::id))
                .limit(limit)
                .toList();
    }

    private List<MessageStatus> named(Set<SpoolId> ids, @Nullable SpoolId after, int limit) {
        return new TreeSet<>(ids)
                .stream()
                        .filter(id -> after == null || id.compareTo(after) > 0)
                        .flatMap(id -> present.get().stores().stream()
                                .map(entry -> entry.store().find(id))
                                .flatMap(Optional::stream))
                        .filter(message -> !message.complete())
                        .map(Message::status)
                        .limit(limit)
                        .toList();
    }

    private MessageStatus now(MessageStatus stored) {
        return window.find(stored.id())
                .map((ActiveMessage active) -> active.status(false))
                .orElse(stored);
    }
}
