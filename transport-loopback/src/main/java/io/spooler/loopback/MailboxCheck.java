package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.access.RecipientCheck;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which addresses of our domains have a mailbox: those whose name is in the settings, and those that hold or held a
 * message. What is carried is not its matter: mail that was accepted is filed, also if its mailbox is off the list by then.
 *
 * <p>Threads: the store is asked on one thread {@code spooler-mailboxes}, which ends after ten idle seconds. Failures: no
 * settings yet, a store that is away, or too many questions at a time, are {@code LATER}.
 */
final class MailboxCheck implements RecipientCheck, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MailboxCheck.class);
    private static final int IDLE_SECONDS = 10;

    /** As many as a listener has sessions by default; a question is one look into the heap of the store. */
    private static final int QUEUE = 1024;

    private final Supplier<@Nullable Mailboxes> mailboxes;
    private final ThreadPoolExecutor worker;
    private volatile @Nullable LoopbackSettings settings;

    /**
     * Starts no thread yet.
     *
     * @param mailboxes of the store, or null while there are none
     */
    MailboxCheck(Supplier<@Nullable Mailboxes> mailboxes) {
        this.mailboxes = mailboxes;
        worker = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                r -> new Thread(r, "spooler-mailboxes"));
        worker.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes new settings.
     *
     * @param valid settings
     */
    void apply(LoopbackSettings valid) {
        settings = valid;
    }

    /** Says {@code LATER} from now on where the store has to be asked. */
    @Override
    public void close() {
        // Not interrupted: it may be inside a file channel of the store, which that would close.
        worker.shutdown();
    }

    @Override
    public CompletionStage<Verdict> check(Address recipient) {
        LoopbackSettings present = settings;
        if (present == null) {
            return CompletableFuture.completedFuture(Verdict.LATER);
        }
        if (!present.domains().contains(recipient.domain())) {
            return CompletableFuture.completedFuture(Verdict.NOT_MINE);
        }
        try {
            return check(present, Mailbox.of(recipient));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(Verdict.UNKNOWN);
        }
    }

    private CompletionStage<Verdict> check(LoopbackSettings present, String mailbox) {
        if (present.mailboxes().contains(LoopbackSettings.ANY)
                || present.mailboxes().contains(mailbox.toLowerCase(Locale.ROOT))) {
            return CompletableFuture.completedFuture(Verdict.KNOWN);
        }
        try {
            return CompletableFuture.supplyAsync(() -> look(mailbox), worker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Verdict.LATER);
        }
    }

    private Verdict look(String mailbox) {
        Mailboxes store = mailboxes.get();
        try {
            return store == null ? Verdict.LATER : store.exists(mailbox) ? Verdict.KNOWN : Verdict.UNKNOWN;
        } catch (SpoolException e) {
            LOG.debug("{}", e.getMessage());
            return Verdict.LATER;
        }
    }
}
