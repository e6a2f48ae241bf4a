package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.Message;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a store could not be opened, and says why: to whoever wants to submit, and in the status.
 *
 * @param reason names the thing and the cure
 */
record StoppedStore(String reason) implements CoupledStore, Folders, Origins {

    private SpoolException stopped() {
        return new SpoolException(Reason.STORE_STOPPED, reason);
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        throw stopped();
    }

    @Override
    public String transport() {
        return "";
    }

    @Override
    public Serving begin(Envelope envelope, OwnPart part) throws SpoolException {
        throw stopped();
    }

    @Override
    public Draft revise(Claim claim) throws SpoolException {
        throw stopped();
    }

    @Override
    public List<Claim> claim(int recipients, Instant now, Duration lease) {
        return List.of();
    }

    @Override
    public Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        return Optional.empty();
    }

    @Override
    public CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement) {
        return CompletableFuture.failedFuture(stopped());
    }

    @Override
    public void release(Claim claim) {
        // Nothing is lent.
    }

    @Override
    public int wake(QueueFilter filter) {
        return 0;
    }

    @Override
    public Optional<Instant> nextDue() {
        return Optional.empty();
    }

    @Override
    public Optional<Message> find(SpoolId id) {
        return Optional.empty();
    }

    @Override
    public List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        return List.of();
    }

    @Override
    public Folders folders() {
        return this;
    }

    @Override
    public StoreStatus status() {
        return new StoreStatus(StoreStatus.Condition.FAILED, reason, 0, Map.of());
    }

    @Override
    public Incoming receive() throws SpoolException {
        throw stopped();
    }

    @Override
    public Incoming receive(SpoolId id) throws SpoolException {
        throw stopped();
    }

    @Override
    public Origins origins() {
        return this;
    }

    @Override
    public List<Origin> of(String source) {
        return List.of();
    }

    @Override
    public void remember(Origin origin) throws SpoolException {
        throw stopped();
    }

    @Override
    public void forget(String source, Collection<String> ids) throws SpoolException {
        throw stopped();
    }

    @Override
    public List<String> mailboxes() {
        return List.of();
    }

    @Override
    public SortedMap<String, Integer> folders(String mailbox) {
        return new TreeMap<>();
    }

    @Override
    public boolean exists(String mailbox) throws SpoolException {
        throw stopped();
    }

    @Override
    public List<Entry> since(long sequence, int limit) {
        return List.of();
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public List<Entry> list(String mailbox, String folder, long after, int limit) {
        return List.of();
    }

    @Override
    public Optional<Entry> entry(SpoolId id) {
        return Optional.empty();
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        return Optional.empty();
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        throw stopped();
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        throw stopped();
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        throw stopped();
    }
}
