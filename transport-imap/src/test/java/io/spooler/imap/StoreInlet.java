package io.spooler.imap;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.store.Folders;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.MemoryStore;
import io.spooler.testkit.StoreKit;
import io.spooler.transport.Inlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An inlet over a store in memory, which outlives the fetchers of a test. */
final class StoreInlet implements Inlet {

    private final Folders folders = new MemoryStore(new ManualClock()).folders();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    volatile @Nullable SpoolException refusal;

    /** Called between the commit and the moment at which the transport hears of it. */
    volatile Runnable committed = () -> {};

    @Override
    public Reception receive(Arrival arrival) throws SpoolException {
        SpoolException no = refusal;
        if (no != null) {
            throw no;
        }
        open.incrementAndGet();
        return new Coming(arrival, folders.receive());
    }

    @Override
    public Origins origins() {
        return folders.origins();
    }

    Mailboxes mailboxes() {
        return folders;
    }

    /** What has come, in order. */
    List<Mailboxes.Entry> entries() {
        return folders.since(0, 100_000);
    }

    /** The contents, in order. */
    List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Mailboxes.Entry entry : entries()) {
            Content content = folders.content(entry.id()).orElseThrow();
            texts.add(StoreKit.text(content));
        }
        return texts;
    }

    void deleteAll() throws SpoolException {
        for (Mailboxes.Entry entry : entries()) {
            folders.delete(entry.id());
        }
    }

    private final class Coming implements Reception {

        private final Arrival arrival;
        private final Folders.Incoming incoming;
        private boolean ended;

        private Coming(Arrival arrival, Folders.Incoming incoming) {
            this.arrival = arrival;
            this.incoming = incoming;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            most.accumulateAndGet(source.remaining(), Math::max);
            incoming.write(source);
        }

        @Override
        public long size() {
            return incoming.size();
        }

        @Override
        public CompletionStage<Optional<Mailboxes.Entry>> commit() {
            end();
            String folder = arrival.folder().isEmpty() ? Mailboxes.INBOX : arrival.folder();
            Folders.Filing filing = new Folders.Filing(
                    arrival.mailbox(), folder, arrival.messageClass(), arrival.sender(), arrival.flags());
            return incoming.file(filing, arrival.origin()).thenApply(entry -> {
                committed.run();
                return Optional.of(entry);
            });
        }

        private void end() {
            if (!ended) {
                ended = true;
                open.decrementAndGet();
            }
        }

        @Override
        public void close() {
            end();
            incoming.close();
        }
    }
}
