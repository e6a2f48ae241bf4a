package io.spooler.imap;

import io.spooler.Mailboxes;
import io.spooler.Origins.Origin;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.imap.Account.After;
import io.spooler.imap.Remote.Item;
import io.spooler.transport.Inlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look into a remote mailbox: fetch what is not known, one after the other, and delete or mark what is safe.
 *
 * <p>A message is known by its {@link Origin}, which the store remembers in the very step that files it: so there is no
 * moment at which a restart would fetch it twice, or, since the server's copy is touched only behind that step, lose it
 * (R53). What is known and is to be deleted goes only if its header is the one that was fetched: a server that uses an id
 * again makes us lose nothing.
 *
 * <p>Blocks for the network, the spooler and the store. One thread; used once.
 */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);
    private static final int GRACE_SECONDS = 5;

    private final String transport;
    private final Account account;
    private final Inlet inlet;
    private final @Nullable Headers headers;
    private final Notes notes;
    private final BooleanSupplier stopping;
    private final List<String> deleted = new ArrayList<>();
    private final List<Headers.Header> done = new ArrayList<>();
    private int fetched;
    private int left;

    /**
     * What came of it.
     *
     * @param fetched messages that are filed now
     * @param left messages that are on the server and cannot be taken
     */
    record Result(int fetched, int left) {}

    /**
     * Begins.
     *
     * @param transport its name
     * @param account whose
     * @param inlet takes messages
     * @param mailboxes where headers are, or null
     * @param notes of former rounds
     * @param stopping true once no other message is to begin
     */
    Round(
            String transport,
            Account account,
            Inlet inlet,
            @Nullable Mailboxes mailboxes,
            Notes notes,
            BooleanSupplier stopping) {
        this.transport = transport;
        this.account = account;
        this.inlet = inlet;
        this.headers =
                account.headers() && mailboxes != null ? new Headers(mailboxes, transport, account.mailbox()) : null;
        this.notes = notes;
        this.stopping = stopping;
    }

    /**
     * Looks.
     *
     * @param remote open
     * @return what came of it
     * @throws IOException if the connection has broken, or the server is out of order
     * @throws SpoolException if the spooler takes nothing at present
     */
    Result run(Remote remote) throws IOException, SpoolException {
        String state = remote.state();
        boolean ordered = notes.begin();
        if (!ordered && !state.isEmpty() && state.equals(notes.state())) {
            return new Result(0, 0);
        }
        List<Item> items = new ArrayList<>(remote.list());
        String source = account.source(transport);
        Known known = Known.of(inlet.origins(), source, remote.era(), items, !account.headers());
        if (notes.isFresh() && account.after() == After.SEEN) {
            doubtLast(known, items);
        }
        items.sort(Comparator.comparing(item -> notes.isStumblingBlock(item.id())));
        boolean all = visit(remote, known, items);
        if (headers != null) {
            obey(remote, known, items, headers.all(), ordered);
        }
        remote.finish();
        known.forget(deleted);
        if (headers != null) {
            headers.drop(done);
        }
        if (all) {
            known.complete();
        }
        notes.state(all && left == 0 && deleted.isEmpty() ? state : "");
        return new Result(fetched, left);
    }

    /** The process may have ended between the commit of the last message and its mark. */
    private void doubtLast(Known known, List<Item> items) {
        items.stream()
                .filter(known::has)
                .reduce((first, second) -> second)
                .ifPresent(item -> notes.unmarked(item.id()));
    }

    /** What is to be deleted goes for good before the connection is risked once more. */
    private boolean visit(Remote remote, Known known, List<Item> items) throws IOException, SpoolException {
        for (Item item : items) {
            if (stopping.getAsBoolean() || (!deleted.isEmpty() && notes.isStumblingBlock(item.id()))) {
                return false;
            }
            try {
                visit(remote, known, item);
            } catch (Refused e) {
                leave(item, String.valueOf(e.getMessage()));
                notes.passOver(item.id());
            } catch (IOException e) {
                notes.stumble(item.id());
                throw e;
            }
        }
        return true;
    }

    /** A header goes when its order is carried out, or when its message is not on the server any more. */
    private void obey(Remote remote, Known known, List<Item> items, List<Headers.Header> all, boolean ordered)
            throws IOException, SpoolException {
        Map<String, Item> listed = new HashMap<>();
        items.forEach(item -> listed.put(item.id(), item));
        for (Headers.Header header : all) {
            Item item = listed.get(header.id());
            if (item == null || (ordered && !stopping.getAsBoolean() && isCarriedOut(remote, known, item, header))) {
                done.add(header);
            }
        }
    }

    /** One that the server does not give keeps its order, and the others theirs. */
    private boolean isCarriedOut(Remote remote, Known known, Item item, Headers.Header header)
            throws IOException, SpoolException {
        try {
            return !item.ambiguous() && isObeyed(remote, known, item, header);
        } catch (Refused e) {
            leave(item, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean isObeyed(Remote remote, Known known, Item item, Headers.Header header)
            throws IOException, SpoolException {
        if (header.isToDownload() && !known.isWhole(item)) {
            if (item.size() > account.maxSize()) {
                leave(item, "larger than " + account.maxSize() + " octets");
                return false;
            }
            fetch(item, item.id() + Known.WHOLE, Set.of(), funnel -> remote.fetch(item, funnel));
            fetched++;
        }
        if (header.isToDelete()) {
            delete(remote, item);
            deleted.add(item.id() + Known.WHOLE);
        }
        return header.isToDownload() || header.isToDelete();
    }

    private void visit(Remote remote, Known known, Item item) throws IOException, SpoolException {
        if (item.ambiguous()) {
            leave(item, "the server has several messages with this id, which cannot be told apart");
            return;
        }
        Origin origin = known.find(remote, item);
        if (origin == null) {
            take(remote, item);
        } else if (account.after() == After.DELETE) {
            if (Known.print(remote, item).equals(origin.print())) {
                delete(remote, item);
            } else {
                LOG.warn("{}: the server uses {} again, for another message", transport, Reply.clean(item.id()));
                known.forget(List.of(item.id()));
                take(remote, item);
            }
        } else if (account.after() == After.SEEN && notes.isUnmarked(item.id())) {
            mark(remote, item);
        }
    }

    private void mark(Remote remote, Item item) throws IOException {
        notes.unmarked(item.id());
        remote.seen(item);
        notes.marked(item.id());
    }

    private void delete(Remote remote, Item item) throws IOException {
        remote.delete(item);
        deleted.add(item.id());
    }

    private void take(Remote remote, Item item) throws IOException, SpoolException {
        if (notes.isPassedOver(item.id())) {
            left++;
        } else if (account.headers()) {
            Set<String> flags = Set.of(Headers.flag(transport, item.id()));
            fetch(item, item.id(), flags, funnel -> remote.header(item, funnel));
            fetched++;
        } else if (item.size() > account.maxSize()) {
            leave(item, "larger than " + account.maxSize() + " octets");
        } else {
            fetch(item, item.id(), Set.of(), funnel -> remote.fetch(item, funnel));
            notes.taken(item.id());
            fetched++;
            if (account.after() == After.DELETE) {
                delete(remote, item);
            } else if (account.after() == After.SEEN) {
                mark(remote, item);
            }
        }
    }

    private void leave(Item item, String reason) {
        left++;
        if (notes.leave(item.id(), reason)) {
            LOG.warn("{}: {} is left on the server: {}", transport, Reply.clean(item.id()), reason);
        }
    }

    /** Fetches a message, or a part of it. */
    @FunctionalInterface
    private interface Fetching {

        void into(Remote.Sink sink) throws IOException;
    }

    private void fetch(Item item, String id, Set<String> flags, Fetching fetching) throws IOException, SpoolException {
        try (Funnel funnel = new Funnel(inlet, transport, account, id, flags)) {
            fetching.into(funnel);
            await(funnel.commit().toCompletableFuture());
        } catch (IOException e) {
            if (!(e.getCause() instanceof SpoolException refusal)) {
                throw e;
            }
            refused(item, refusal);
        } catch (SpoolException e) {
            refused(item, e);
        }
    }

    /** Of a message that is refused for ever the rest is not wanted; the next round begins behind it. */
    private void refused(Item item, SpoolException refusal) throws IOException, SpoolException {
        if (refusal.reason() == Reason.KNOWN) {
            LOG.info("{}: {} has come in before", transport, Reply.clean(item.id()));
        } else if (refusal.reason() == Reason.TOO_LARGE) {
            leave(item, String.valueOf(refusal.getMessage()));
            notes.passOverForGood(item.id());
            throw new IOException("a message was larger than announced, and is left on the server");
        } else {
            throw refusal;
        }
    }

    /** The answer of the store is waited for; when we are to end, not for long: the origin tells next time. */
    private void await(CompletableFuture<?> commit) throws SpoolException {
        int seconds = GRACE_SECONDS;
        while (true) {
            try {
                commit.get(1, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof SpoolException refusal
                        ? refusal
                        : new SpoolException(Reason.STORE_STOPPED, "not filed: " + e.getCause(), e);
            } catch (TimeoutException | InterruptedException e) {
                seconds -= stopping.getAsBoolean() ? 1 : 0;
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (seconds == 0 || e instanceof InterruptedException) {
                    throw new SpoolException(Reason.NOT_NOW, "the store has not answered", e);
                }
            }
        }
    }
}
