package io.spooler.shell;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolControl;
import io.spooler.admin.SpoolStatus;
import io.spooler.store.StoreStatus;
import io.spooler.transport.TraceEntry;
import io.spooler.transport.TransportProvider.Operation;
import io.spooler.transport.TransportStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A spooler with a few messages, for tests of its shell. */
final class Fakes {

    static final Instant NOON = Instant.parse("2026-03-04T12:00:00.123Z");

    final Random random = new Random(1);
    final Map<SpoolId, MessageStatus> queue = new LinkedHashMap<>();
    final Map<SpoolId, String> filed = new ConcurrentHashMap<>();
    final CountDownLatch looked = new CountDownLatch(1);
    final List<Mailboxes.Entry> entries = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final Set<SpoolAdmin.Target> suspended = new LinkedHashSet<>();
    final List<Envelope> submitted = new ArrayList<>();
    String content = "";
    int said = 3;
    List<SpoolAdmin.Hop> hops = List.of();
    SpoolStatus status = status();
    CompletableFuture<SpoolControl.Flush> flush =
            CompletableFuture.completedFuture(flush(SpoolControl.Flush.State.DONE));
    volatile SpoolControl.Flush running;
    SpoolControl.Closed closed = new SpoolControl.Closed(true, Set.of(), "nothing is active");
    Order.Result result = new Order.Result(newId(), 2, 3, 0, 0, false);

    static SpoolStatus status() {
        return new SpoolStatus(
                spoolerRow(),
                List.of(new SpoolStatus.StoreRow(
                        "file",
                        new StoreStatus(
                                StoreStatus.Condition.AVAILABLE,
                                "data/spool",
                                3,
                                Map.of(RecipientState.WAITING, 4L, RecipientState.READY, 0L)))),
                List.of(
                        transport("loopback", List.of("LOCAL"), List.of("SMTP:*@spooler.local"), "files"),
                        transport("smtp-in", List.of(), List.of(), "listening on 127.0.0.1:2525")),
                List.of(new SpoolStatus.HookRow("aliases", "out", 100)),
                2,
                Map.of("SMTP", 4L),
                List.of());
    }

    static SpoolStatus.SpoolerRow spoolerRow() {
        return new SpoolStatus.SpoolerRow(
                new TransportStatus(TransportStatus.Condition.AVAILABLE, "working"),
                Set.of(Operation.VALIDATE, Operation.FLUSH),
                1);
    }

    static SpoolStatus.TransportRow transport(String name, List<String> types, List<String> patterns, String text) {
        return new SpoolStatus.TransportRow(
                name,
                types,
                patterns,
                0,
                new TransportStatus(TransportStatus.Condition.AVAILABLE, text),
                1,
                Set.of(Operation.FLUSH, Operation.OUTBOUND),
                NOON,
                new SpoolStatus.Failure(NOON.minusSeconds(60), "4.4.1 refused"));
    }

    SpoolId newId() {
        return SpoolId.next(NOON, random);
    }

    MessageStatus queued(Address sender, RecipientStatus... recipients) {
        MessageStatus message = new MessageStatus(newId(), sender, NOON, 1234, List.of(recipients), false);
        queue.put(message.id(), message);
        return message;
    }

    static RecipientStatus recipient(String address, RecipientState state, Reply reply) {
        boolean timed = !state.isFinal();
        return new RecipientStatus(
                Recipient.of(Address.parse(address)),
                state,
                2,
                timed ? NOON.plusSeconds(60) : null,
                NOON,
                reply == null ? null : "smtp",
                reply);
    }

    SpoolId filed(String mailbox, Address sender, String text) {
        SpoolId id = newId();
        filed.put(id, text);
        synchronized (entries) {
            entries.add(new Mailboxes.Entry(
                    id, mailbox, "INBOX", "IPM.Note", sender, NOON, text.length(), Set.of(), entries.size() + 1));
        }
        return id;
    }

    SpoolAdmin admin() {
        return new SpoolAdmin() {
            @Override
            public Optional<Runnable> trace(Target what, Consumer<TraceEntry> watcher) {
                if (!what.transport().equals("smtp")) {
                    return Optional.empty();
                }
                for (int i = 0; i < said; i++) {
                    String lane = what.lane() == null ? "" : what.lane();
                    watcher.accept(new TraceEntry(NOON, lane, String.valueOf(i % 2), "> line " + i));
                }
                calls.add("trace " + what);
                return Optional.of(() -> calls.add("end"));
            }

            @Override
            public List<MessageStatus> query(Filter filter, SpoolId after, int limit) {
                return queue.values().stream()
                        .filter(m -> after == null || m.id().compareTo(after) > 0)
                        .filter(m -> m.recipients().stream().anyMatch(r -> matches(filter, r)))
                        .sorted((a, b) -> a.id().compareTo(b.id()))
                        .limit(limit)
                        .toList();
            }

            @Override
            public Optional<List<Explanation>> why(SpoolId id) {
                return Optional.ofNullable(queue.get(id))
                        .map(m -> m.recipients().stream()
                                .map(r ->
                                        new Explanation(r.recipient().address().toString(), "no transport; waits"))
                                .toList());
            }

            @Override
            public List<Hop> route(Recipient recipient, long size) {
                calls.add("route " + recipient.address() + " " + recipient.transport() + " " + size);
                return hops;
            }

            @Override
            public Order.Result preview(Order order) {
                calls.add("preview " + order + " by " + order.by());
                return result;
            }

            @Override
            public Order.Result change(Order order) {
                calls.add(order + " by " + order.by());
                return result;
            }

            @Override
            public Order.Result undo(SpoolId order, String by) {
                calls.add("undo by " + by);
                if (!order.equals(result.id())) {
                    throw new IllegalArgumentException("no order that can be undone has the id " + order);
                }
                return result;
            }

            @Override
            public SpoolStatus status() {
                return new SpoolStatus(
                        status.spooler(),
                        status.stores(),
                        status.transports(),
                        status.hooks(),
                        status.active(),
                        status.waiting(),
                        List.copyOf(suspended));
            }
        };
    }

    SpoolControl control() {
        return new SpoolControl() {
            @Override
            public boolean suspend(SpoolAdmin.Target what, String by) {
                calls.add("suspend " + what + " by " + by);
                return suspended.add(what);
            }

            @Override
            public boolean resume(SpoolAdmin.Target what, String by) {
                calls.add("resume " + what + " by " + by);
                return suspended.remove(what);
            }

            @Override
            public List<String> validate(String transport, String by) {
                calls.add("validate " + transport + " by " + by);
                return transport == null
                        ? status.transports().stream()
                                .map(SpoolStatus.TransportRow::name)
                                .toList()
                        : List.of(transport);
            }

            @Override
            public CompletionStage<Flush> flush(String transport, String by) {
                calls.add("flush " + transport + " by " + by);
                return flush;
            }

            @Override
            public Optional<Flush> flushing() {
                return Optional.ofNullable(running);
            }

            @Override
            public boolean cancelFlush(String by) {
                calls.add("cancel flush by " + by);
                return running != null;
            }

            @Override
            public CompletionStage<Closed> close(Closing how, String by) {
                calls.add("close " + how + " by " + by);
                return CompletableFuture.completedFuture(closed);
            }

            @Override
            public boolean open(String by) {
                calls.add("open by " + by);
                return calls.size() == 1;
            }
        };
    }

    static SpoolControl.Flush flush(SpoolControl.Flush.State state) {
        return new SpoolControl.Flush(state, "smtp", false, 1, 2, 3, 7);
    }

    /** States alone: the core knows the rest of the language. */
    private static boolean matches(Filter filter, RecipientStatus status) {
        return filter.terms().stream()
                .allMatch(term -> !(term.test() instanceof Filter.States states)
                        || states.states().contains(status.state()) != term.negated());
    }

    Spooler spooler() {
        return new Spooler() {
            @Override
            public SpoolId submit(Envelope envelope, ContentSource source) throws SpoolException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try {
                    source.writeTo(bytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                submitted.add(envelope);
                content = bytes.toString(StandardCharsets.UTF_8);
                return newId();
            }

            @Override
            public Draft begin(Envelope envelope) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<MessageStatus> find(SpoolId id) {
                return Optional.ofNullable(queue.get(id));
            }

            @Override
            public CompletionStage<MessageStatus> await(SpoolId id) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Cancellation cancel(SpoolId id) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Content content(SpoolId id) {
                throw new UnsupportedOperationException();
            }

            @Override
            public SpoolId resend(SpoolId id) throws SpoolException {
                calls.add("resend " + id);
                if (!queue.containsKey(id)) {
                    throw new SpoolException(SpoolException.Reason.CONTENT_GONE, "not kept; name a folder");
                }
                return newId();
            }

            @Override
            public boolean reported(SpoolId id, Address recipient, Reply said) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Set<String> addressTypes() {
                throw new UnsupportedOperationException();
            }
        };
    }

    Mailboxes mailboxes() {
        return new Mailboxes() {
            @Override
            public List<String> mailboxes() {
                return entries.stream().map(Entry::mailbox).distinct().toList();
            }

            @Override
            public List<Entry> list(String mailbox, String folder, long after, int limit) {
                return entries.stream()
                        .filter(e -> e.mailbox().equalsIgnoreCase(mailbox)
                                && e.folder().equals(folder))
                        .filter(e -> e.sequence() > after)
                        .limit(limit)
                        .toList();
            }

            @Override
            public Optional<Entry> entry(SpoolId id) {
                return entries.stream().filter(e -> e.id().equals(id)).findFirst();
            }

            @Override
            public Optional<Content> content(SpoolId id) {
                return Optional.ofNullable(filed.get(id)).map(Fakes::contentOf);
            }

            @Override
            public SortedMap<String, Integer> folders(String mailbox) {
                SortedMap<String, Integer> sizes = new TreeMap<>();
                entries.stream()
                        .filter(e -> e.mailbox().equalsIgnoreCase(mailbox))
                        .forEach(e -> sizes.merge(e.folder(), 1, Integer::sum));
                return sizes;
            }

            @Override
            public List<Entry> since(long sequence, int limit) {
                looked.countDown();
                synchronized (entries) {
                    return entries.stream()
                            .filter(e -> e.sequence() > sequence)
                            .limit(limit)
                            .toList();
                }
            }

            @Override
            public long sequence() {
                return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).sequence();
            }

            @Override
            public boolean mark(SpoolId id, Set<String> flags) {
                return replace(id, e -> copy(e, e.folder(), flags));
            }

            @Override
            public boolean move(SpoolId id, String folder) {
                return replace(id, e -> copy(e, folder, e.flags()));
            }

            @Override
            public boolean delete(SpoolId id) {
                return entries.removeIf(e -> e.id().equals(id));
            }
        };
    }

    private boolean replace(SpoolId id, UnaryOperator<Mailboxes.Entry> change) {
        boolean found = entries.stream().anyMatch(e -> e.id().equals(id));
        entries.replaceAll(e -> e.id().equals(id) ? change.apply(e) : e);
        return found;
    }

    private static Mailboxes.Entry copy(Mailboxes.Entry e, String folder, Set<String> flags) {
        return new Mailboxes.Entry(
                e.id(), e.mailbox(), folder, e.messageClass(), e.sender(), e.received(), e.size(), flags, e.sequence());
    }

    static Content contentOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(long position, ByteBuffer target) {
                if (position >= bytes.length) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), bytes.length - position);
                target.put(bytes, (int) position, count);
                return count;
            }
        };
    }
}
