package io.spooler.core.deliver;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.core.lane.Task;
import io.spooler.store.Message;
import io.spooler.transport.Consignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consignment in the hands of a transport. Any thread; the list of cancel actions is guarded by this. */
final class Parcel implements Consignment {

    private final Message message;
    private final List<Recipient> recipients;
    private final boolean duplicate;
    private final boolean deferred;
    private final Instant deadline;
    private final List<Runnable> actions = new ArrayList<>(1);
    private volatile @Nullable String server;
    private volatile boolean cancelled;

    Parcel(Task task, Instant deadline) {
        this.message = task.message().message();
        this.duplicate = message.crashes() > 0;
        this.deadline = deadline;
        List<Recipient> list = new ArrayList<>(task.recipients().size());
        boolean before = false;
        for (int number : task.recipients()) {
            RecipientStatus status = task.message().recipient(number);
            list.add(status.recipient());
            before |= status.attempts() > 0;
        }
        this.recipients = Collections.unmodifiableList(list);
        this.deferred = before;
    }

    @Override
    public SpoolId id() {
        return message.id();
    }

    @Override
    public @Nullable Address sender() {
        return message.envelope().sender();
    }

    @Override
    public Envelope.Options options() {
        return message.envelope().options();
    }

    @Override
    public List<Recipient> recipients() {
        return recipients;
    }

    @Override
    public List<Recipient> everybody() {
        return message.recipients().stream().map(RecipientStatus::recipient).toList();
    }

    @Override
    public Content content() {
        return message.content();
    }

    @Override
    public boolean mayBeDuplicate() {
        return duplicate;
    }

    @Override
    public boolean wasDeferred() {
        return deferred;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void servedBy(String host) {
        server = Reply.clean(host);
    }

    /** The remote system, as far as the transport named it. */
    @Nullable
    String server() {
        return server;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Tells the transport to stop; its actions run here, outside the lock. */
    void cancel() {
        List<Runnable> run;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            run = List.copyOf(actions);
            actions.clear();
        }
        run.forEach(Runnable::run);
    }
}
