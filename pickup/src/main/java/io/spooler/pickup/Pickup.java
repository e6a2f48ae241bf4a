package io.spooler.pickup;

import io.spooler.ContentSource;
import io.spooler.Envelope;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the directory and submits what it finds, while the spooler takes messages in (R51). It carries nothing.
 *
 * <p>A file is removed when its message is durable. If the process ends in between, the file is found again, and its
 * idempotency key says that it is the same message. What cannot be taken at present stays where it is; what can never be
 * taken is put aside.
 *
 * <p>Threads: one, {@code spooler-pickup}; it blocks for the disk and the store.
 */
final class Pickup implements TransportProvider, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pickup.class);
    private static final int CLOSE_SECONDS = 5;

    /** Takes a message ({@link io.spooler.Spooler#submit}). */
    @FunctionalInterface
    interface Door {

        SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException;
    }

    private final Door door;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "spooler-pickup"));
    private volatile PickupSettings settings;
    private volatile @Nullable String trouble;
    private volatile boolean open;
    private @Nullable ScheduledFuture<?> rounds;

    Pickup(Door door, PickupSettings settings) {
        this.door = door;
        this.settings = settings;
    }

    /** Takes new settings, from the next round on. */
    synchronized void apply(PickupSettings changed) {
        settings = changed;
        begin();
    }

    private synchronized void begin() {
        end();
        if (open) {
            long nanos = settings.interval().toNanos();
            rounds = thread.scheduleWithFixedDelay(this::round, 0, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void end() {
        if (rounds != null) {
            rounds.cancel(false);
            rounds = null;
        }
    }

    /** Looks once; never throws. */
    void round() {
        try {
            Directory directory = new Directory(settings.directory());
            directory.prepare();
            String problem = null;
            for (Directory.Found found : directory.list()) {
                if (!open) {
                    return;
                }
                String one = tried(directory, found);
                problem = problem == null ? one : problem;
            }
            tell(problem);
        } catch (IOException | RuntimeException e) {
            tell("the directory cannot be used: " + e);
        } catch (SpoolException e) {
            tell(e.getMessage());
        }
    }

    /** Says what is wrong once, and when it is over. */
    private void tell(@Nullable String problem) {
        if (!Objects.equals(problem, trouble)) {
            if (problem == null) {
                LOG.info("pickup goes on");
            } else {
                LOG.error("pickup waits: {}", Reply.clean(problem));
            }
        }
        trouble = problem;
    }

    /** What is wrong with one file is no reason to leave the others; what is wrong with the store is. */
    private @Nullable String tried(Directory directory, Directory.Found found) throws SpoolException {
        try {
            take(directory, found);
            return null;
        } catch (IOException e) {
            return found.name() + " cannot be taken: " + e;
        }
    }

    private void take(Directory directory, Directory.Found found) throws IOException, SpoolException {
        try (InputStream in = new CrlfStream(directory.open(found))) {
            Header header = Header.read(in);
            SpoolId id = door.submit(header.envelope(found.key()), out -> {
                out.write(header.travels());
                in.transferTo(out);
            });
            LOG.info("{}: submitted from {}", id, Reply.clean(found.name()));
        } catch (Unfit e) {
            refuse(directory, found, String.valueOf(e.getMessage()));
            return;
        } catch (SpoolException e) {
            if (e.reason().isTemporary()) {
                throw e;
            } else if (e.reason() == SpoolException.Reason.BAD_CONTENT) {
                throw new IOException(e.getMessage(), e);
            }
            refuse(directory, found, String.valueOf(e.getMessage()));
            return;
        }
        directory.remove(found);
    }

    private static void refuse(Directory directory, Directory.Found found, String why) throws IOException {
        LOG.warn("{} is put aside into failed/: {}", Reply.clean(found.name()), Reply.clean(why));
        directory.refuse(found, Reply.clean(why));
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        return CompletableFuture.completedFuture(
                Collections.nCopies(consignment.recipients().size(), new Outcome.NotMine()));
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.of(Operation.INBOUND);
    }

    @Override
    public TransportStatus status() {
        String problem = trouble;
        if (problem != null) {
            return new TransportStatus(Condition.OFFLINE, problem);
        }
        String where = settings.directory().toAbsolutePath().toString();
        return open
                ? new TransportStatus(Condition.AVAILABLE, "takes files NAME.eml from " + where)
                : new TransportStatus(Condition.OFFLINE, "waits for the spooler to take messages in");
    }

    @Override
    public void openInbound(Inlet inlet) {
        open = true;
        begin();
    }

    @Override
    public void closeInbound() {
        open = false;
        end();
    }

    /** The file in work is finished; no other begins. */
    @Override
    public void close() {
        closeInbound();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "the store has not answered for {} s; the thread spooler-pickup ends when it does",
                        CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
