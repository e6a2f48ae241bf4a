package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.settings.SettingsException;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.LedgerNotes;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.StoreStatus;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.LocalDisk;
import io.spooler.store.file.journal.NoSpace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the file store into OSGi. A directory that cannot be used does not end the component: the service stays, in
 * the condition FAILED with the reason, until a change of its configuration lets it try again.
 *
 * <p>Activation, change, deactivation and the watch come one after the other, under the lock of this object; everything
 * else may come from any thread at any time.
 */
@Component(
        service = {MessageStore.class, StoreMaintenance.class},
        configurationPid = StoreOptions.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        immediate = true,
        property = MessageStore.NAME + "=file")
@Designate(ocd = StoreConfig.class)
public final class StoreComponent implements CoupledStore, LedgerNotes, StoreMaintenance {

    private static final Logger LOG = LoggerFactory.getLogger(StoreComponent.class);
    private static final long WATCH_SECONDS = 2;

    private final Folders folders = new SwitchedFolders(() -> present().folders());
    private final Disk disk = new LocalDisk();
    private volatile CoupledStore store = new StoppedStore("the store is not active");
    private volatile StoreMaintenance maintenance = stopped("the store is not active");
    private @Nullable StoreOptions options;
    private @Nullable ScheduledExecutorService watch;
    private boolean outOfRoom;

    private CoupledStore present() {
        return store;
    }

    private StoreMaintenance stopped(String reason) {
        return new StoppedMaintenance(reason, disk, null, false);
    }

    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // reopen() throws nothing
    synchronized void activate(Map<String, ?> properties) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread fresh = new Thread(task, "spooler-store-watch");
            fresh.setDaemon(true);
            return fresh;
        });
        watch = thread;
        thread.scheduleWithFixedDelay(this::reopen, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
        try {
            open(StoreOptions.of(properties));
        } catch (SettingsException e) {
            LOG.error("The store does not open: {}", e.getMessage());
            store = new StoppedStore(String.valueOf(e.getMessage()));
            maintenance = stopped(String.valueOf(e.getMessage()));
        }
    }

    private void open(StoreOptions wanted) {
        options = wanted;
        outOfRoom = false;
        try {
            FileStore opened = FileStore.open(wanted, disk, Clock.systemUTC());
            store = opened;
            maintenance = opened.maintenance();
        } catch (IOException | RuntimeException e) {
            LOG.error("The store does not open: {}", e.getMessage(), e);
            outOfRoom = NoSpace.isCauseOf(e);
            store = new StoppedStore(String.valueOf(e.getMessage()));
            maintenance = new StoppedMaintenance(
                    String.valueOf(e.getMessage()), disk, wanted.directory(), e instanceof InUseException);
        }
    }

    @Modified
    synchronized void modified(Map<String, ?> properties) {
        try {
            change(StoreOptions.of(properties));
        } catch (SettingsException e) {
            LOG.error("The former settings stay: {}", e.getMessage());
        }
    }

    private void change(StoreOptions wanted) {
        StoreOptions former = options;
        boolean same = former != null
                && former.directory().equals(wanted.directory())
                && former.segmentSize() == wanted.segmentSize();
        if (same
                && store instanceof FileStore running
                && running.status().condition() != StoreStatus.Condition.FAILED) {
            options = wanted;
            running.configure(wanted);
            return;
        }
        close("the store is being opened again with other settings");
        open(wanted);
    }

    /** A full disk is the one failure that heals: nothing that was promised was lost by it, and room comes back. */
    synchronized void reopen() {
        StoreOptions wanted = options;
        outOfRoom |= store instanceof FileStore running && running.isOutOfRoom();
        boolean hasRoom = !(store instanceof FileStore stopped) || stopped.hasRoom();
        if (outOfRoom && hasRoom && wanted != null && watch != null) {
            LOG.warn("The store that a full disk has stopped is opened again");
            close("the store is being opened again");
            open(wanted);
        }
    }

    @Deactivate
    synchronized void deactivate() {
        if (watch != null) {
            watch.shutdown();
            watch = null;
        }
        close("the store is closed");
    }

    private void close(String reason) {
        CoupledStore former = store;
        store = new StoppedStore(reason);
        maintenance = stopped(reason);
        if (former instanceof FileStore running) {
            try {
                running.close();
            } catch (IOException e) {
                LOG.warn("The store was not closed cleanly", e);
            }
        }
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        return store.begin(envelope);
    }

    @Override
    public String transport() {
        return store.transport();
    }

    @Override
    public Serving begin(Envelope envelope, OwnPart part) throws SpoolException {
        return store.begin(envelope, part);
    }

    @Override
    public Draft revise(Claim claim) throws SpoolException {
        return store.revise(claim);
    }

    @Override
    public List<Claim> claim(int recipients, Instant now, Duration lease) {
        return store.claim(recipients, now, lease);
    }

    @Override
    public Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        return store.claim(id, now, lease);
    }

    @Override
    public CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement) {
        return store.settle(claim, settlement);
    }

    @Override
    public void release(Claim claim) {
        store.release(claim);
    }

    @Override
    public int wake(QueueFilter filter) {
        return store.wake(filter);
    }

    @Override
    public Optional<Instant> nextDue() {
        return store.nextDue();
    }

    @Override
    public Optional<Message> find(SpoolId id) {
        return store.find(id);
    }

    @Override
    public boolean note(SpoolId id, int recipient, Reply reply) throws SpoolException {
        return store instanceof FileStore running && running.note(id, recipient, reply);
    }

    @Override
    public List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        return store.query(filter, after, limit);
    }

    @Override
    public Folders folders() {
        return folders;
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public StoreCheck check(Consumer<String> progress) throws SpoolException {
        return maintenance.check(progress);
    }

    @Override
    public Compaction compact(Consumer<String> progress) throws SpoolException, IOException {
        return maintenance.compact(progress);
    }

    @Override
    public Optional<Content> content(SpoolId id) throws SpoolException {
        return maintenance.content(id);
    }

    @Override
    public List<Quarantined> quarantine() throws IOException {
        return maintenance.quarantine();
    }

    @Override
    public Optional<Content> quarantined(String name) throws IOException {
        return maintenance.quarantined(name);
    }

    @Override
    public boolean drop(String name) throws IOException {
        return maintenance.drop(name);
    }
}
