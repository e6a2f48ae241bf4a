package io.spooler.testkit;

import io.spooler.Content;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The folders of the {@link MemoryStore}. Thread-safe: one lock, its own, never held when the store is called. */
final class MemoryFolders implements Folders {

    private record Filed(Entry entry, MemoryContent content) {}

    private final MemoryStore store;
    private final Clock clock;
    private final MemoryIds ids;
    private final TreeMap<Long, Filed> bySequence = new TreeMap<>();
    private final Map<SpoolId, Long> byId = new HashMap<>();
    private final TreeMap<String, String> mailboxes = new TreeMap<>();
    private final Map<String, String> folders = new HashMap<>();
    private final MemoryOrigins origins;
    private long sequence;

    MemoryFolders(MemoryStore store, Clock clock, MemoryIds ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.origins = new MemoryOrigins(store);
    }

    @Override
    public Incoming receive() throws SpoolException {
        return receive(ids.next());
    }

    @Override
    public Incoming receive(SpoolId id) throws SpoolException {
        if (entry(id).isPresent()) {
            throw new IllegalArgumentException("there is a filed message with the id " + id);
        }
        store.checkRoom();
        return new MemoryIncoming(id);
    }

    @Override
    public Origins origins() {
        return origins;
    }

    Entry add(Filing filing, MemoryContent content) {
        return add(ids.next(), filing, content);
    }

    private synchronized Entry add(SpoolId id, Filing filing, MemoryContent content) {
        String mailbox = mailboxes.computeIfAbsent(fold(filing.mailbox()), k -> filing.mailbox());
        Entry entry = new Entry(
                id,
                mailbox,
                folderName(mailbox, filing.folder()),
                filing.messageClass(),
                filing.sender(),
                clock.instant(),
                content.size(),
                filing.flags(),
                ++sequence);
        bySequence.put(sequence, new Filed(entry, content));
        byId.put(entry.id(), sequence);
        return entry;
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Names hold no control characters, so a line feed separates. */
    private String folderName(String mailbox, String folder) {
        return folders.computeIfAbsent(fold(mailbox) + '\n' + fold(folder), k -> folder);
    }

    @Override
    public synchronized List<String> mailboxes() {
        return mailboxes.values().stream().sorted().toList();
    }

    @Override
    public synchronized List<Entry> list(String mailbox, String folder, long after, int limit) {
        return bySequence.tailMap(after, false).values().stream()
                .map(Filed::entry)
                .filter(e -> fold(e.mailbox()).equals(fold(mailbox))
                        && fold(e.folder()).equals(fold(folder)))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized SortedMap<String, Integer> folders(String mailbox) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        String box = fold(mailbox) + '\n';
        folders.forEach((key, name) -> {
            if (key.startsWith(box)) {
                sizes.put(name, list(mailbox, name, 0, Integer.MAX_VALUE).size());
            }
        });
        return sizes;
    }

    @Override
    public synchronized List<Entry> since(long after, int limit) {
        return bySequence.tailMap(after, false).values().stream()
                .map(Filed::entry)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long sequence() {
        return bySequence.isEmpty() ? 0 : bySequence.lastKey();
    }

    @Override
    public synchronized Optional<Entry> entry(SpoolId id) {
        return Optional.ofNullable(filed(id)).map(Filed::entry);
    }

    @Override
    public synchronized Optional<Content> content(SpoolId id) {
        return Optional.ofNullable(filed(id)).map(Filed::content);
    }

    private @Nullable Filed filed(SpoolId id) {
        Long number = byId.get(id);
        return number == null ? null : bySequence.get(number);
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        return change(id, e -> copy(e, e.folder(), flags));
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        return change(id, e -> copy(e, folderName(e.mailbox(), folder), e.flags()));
    }

    private boolean change(SpoolId id, UnaryOperator<Entry> change) throws SpoolException {
        store.checkRunning();
        return apply(id, change);
    }

    private synchronized boolean apply(SpoolId id, UnaryOperator<Entry> change) {
        Filed filed = filed(id);
        if (filed == null) {
            return false;
        }
        Entry entry = change.apply(filed.entry());
        bySequence.put(entry.sequence(), new Filed(entry, filed.content()));
        return true;
    }

    private static Entry copy(Entry e, String folder, Set<String> flags) {
        return new Entry(
                e.id(), e.mailbox(), folder, e.messageClass(), e.sender(), e.received(), e.size(), flags, e.sequence());
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        store.checkRunning();
        return remove(id);
    }

    private synchronized boolean remove(SpoolId id) {
        Long number = byId.remove(id);
        return number != null && bySequence.remove(number) != null;
    }

    private final class MemoryIncoming implements Incoming {

        private final SpoolId id;
        private final MemoryContent.Buffer buffer = new MemoryContent.Buffer();
        private boolean ended;
        private boolean reading;

        MemoryIncoming(SpoolId id) {
            this.id = id;
        }

        @Override
        public SpoolId id() {
            return id;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            if (reading) {
                throw new IOException("nothing may be written once the content was read");
            }
            buffer.write(source);
        }

        @Override
        public long size() {
            return buffer.size();
        }

        @Override
        public Content content() throws IOException {
            if (ended) {
                throw new IOException("the message was filed or closed");
            }
            reading = true;
            return buffer.content();
        }

        @Override
        public CompletionStage<Entry> file(Filing filing, Origins.@Nullable Origin origin) {
            if (ended) {
                return CompletableFuture.failedFuture(new IllegalStateException("the message was filed or closed"));
            }
            close();
            try {
                store.checkRunning();
                origins.add(origin);
                return CompletableFuture.completedFuture(add(id, filing, buffer.content()));
            } catch (SpoolException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void close() {
            ended = true;
            buffer.close();
        }
    }
}
