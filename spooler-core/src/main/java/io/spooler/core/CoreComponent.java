package io.spooler.core;

import io.spooler.Mailboxes;
import io.spooler.SpoolListener;
import io.spooler.Spooler;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolControl;
import io.spooler.core.admin.Administration;
import io.spooler.core.admin.Control;
import io.spooler.core.admin.Desk;
import io.spooler.core.client.Awaiting;
import io.spooler.core.client.Client;
import io.spooler.core.client.Reading;
import io.spooler.core.event.Events;
import io.spooler.core.loop.ThreadLoop;
import io.spooler.core.registry.Configurations;
import io.spooler.core.registry.Registry;
import io.spooler.hook.AddressBook;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.PreProcessor;
import io.spooler.hook.RetryPolicy;
import io.spooler.settings.SettingsException;
import io.spooler.store.MessageStore;
import io.spooler.transport.TransportProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The core in a container: binds what comes and goes, reads the settings, builds the core from plain values and publishes
 * {@link Spooler}, {@link SpoolAdmin}, {@link SpoolControl} and {@link Mailboxes} for as long as it is active. Holds no
 * logic.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = CoreSettings.PID)
@Designate(ocd = CoreMetatype.class)
public final class CoreComponent {

    private static final Logger LOG = LoggerFactory.getLogger(CoreComponent.class);
    private static final int WORKERS = 4;
    private static final int IDLE_SECONDS = 10;

    private final Registry registry = new Registry();
    private final Awaiting awaiting = new Awaiting();
    private final ThreadPoolExecutor teller = pool("spooler-events", 0, Integer.MAX_VALUE, new SynchronousQueue<>());
    private final ThreadPoolExecutor workers = pool("spooler-hooks", WORKERS, WORKERS, new LinkedBlockingQueue<>());
    private final ThreadPoolExecutor clerks = pool("spooler-clerk", WORKERS, WORKERS, new LinkedBlockingQueue<>());
    private final Events events = new Events(teller, awaiting::onEvent, awaiting::wants);
    private final ThreadLoop loop = new ThreadLoop();
    private final List<ServiceRegistration<?>> services = new ArrayList<>();
    private volatile @Nullable Configurations configurations;
    private @Nullable Core core;

    private static ThreadPoolExecutor pool(String name, int least, int most, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                least,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                queue,
                r -> new Thread(r, name + "-" + number.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Activate
    void activate(BundleContext context, Map<String, Object> properties) {
        CoreSettings settings = settings(properties, CoreSettings.defaults());
        Core built = new Core(loop, Clock.systemUTC(), workers, clerks, registry, events, settings, hostname(settings));
        core = built;
        built.open();
        loop.start();
        Desk desk = new Desk(loop, built.window(), built.pump(), built.settler(), built.delivery(), registry::snapshot);
        Administration administration = new Administration(
                loop,
                built.clock(),
                new SecureRandom(),
                registry::snapshot,
                () -> built.settings().retry().maxAge(),
                built.window(),
                built.startWait(),
                built.delivery(),
                built.health(),
                built.gate()::status,
                built.doors(),
                desk,
                events);
        Control control = new Control(
                loop,
                built.clock(),
                new SecureRandom(),
                registry::snapshot,
                built.delivery(),
                built.doors(),
                built.probes(),
                built.flushing(),
                built.gate(),
                administration::again,
                events);
        // Tools that look for the service of a configuration find this one.
        Dictionary<String, ?> pid = FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_PID, CoreSettings.PID));
        services.add(context.registerService(
                Spooler.class,
                new Client(built.entrance(), built.clock(), desk, awaiting, built.hearsay(), registry::snapshot),
                pid));
        services.add(context.registerService(SpoolAdmin.class, administration, null));
        services.add(context.registerService(SpoolControl.class, control, null));
        services.add(context.registerService(
                Mailboxes.class, new Reading(registry::snapshot, built.doors().fates()::of, built.receipts()), null));
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Core present = core;
        if (present != null) {
            present.configure(settings(properties, present.settings()));
        }
    }

    private static CoreSettings settings(Map<String, Object> properties, CoreSettings former) {
        try {
            return CoreSettings.read(properties);
        } catch (SettingsException e) {
            LOG.error("settings refused, the former ones stay: {}", e.getMessage());
            return former;
        }
    }

    private static String hostname(CoreSettings settings) {
        if (!settings.hostname().isEmpty()) {
            return settings.hostname();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        Core present = core;
        if (present != null) {
            close(present);
        }
        loop.close();
        workers.shutdown();
        clerks.shutdown();
        teller.shutdown();
    }

    private static void close(Core core) {
        try {
            core.close().get(core.settings().grace().toMillis() + 2000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("work in progress did not end in time; its messages are tried again: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Reference(
            service = MessageStore.class,
            target = "(!(" + MessageStore.MAIL + "=false))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(MessageStore store, Map<String, Object> properties) {
        registry.putStore(store, properties);
    }

    void updatedStore(MessageStore store, Map<String, Object> properties) {
        registry.putStore(store, properties);
    }

    void unbindStore(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = TransportProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(TransportProvider transport, Map<String, Object> properties) {
        registry.putTransport(transport, properties);
    }

    void updatedTransport(TransportProvider transport, Map<String, Object> properties) {
        registry.putTransport(transport, properties);
    }

    void unbindTransport(Map<String, Object> properties) {
        List<String> pids = existing(Registry.pids(properties));
        registry.remove(properties, pids);
        // One that was removed meanwhile was told of when nothing was away yet.
        List<String> still = existing(pids);
        pids.stream().filter(pid -> !still.contains(pid)).forEach(registry::released);
    }

    private List<String> existing(List<String> pids) {
        Configurations present = configurations;
        return present == null || pids.isEmpty() ? List.of() : present.existing(pids);
    }

    @Reference(
            service = Configurations.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindConfigurations(Configurations present) {
        configurations = present;
        present.onRemoved(registry::released);
    }

    void unbindConfigurations(Configurations former) {
        if (configurations == former) {
            configurations = null;
        }
    }

    @Reference(
            service = PreProcessor.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPreProcessor(PreProcessor hook, Map<String, Object> properties) {
        registry.putPreProcessor(hook, properties);
    }

    void updatedPreProcessor(PreProcessor hook, Map<String, Object> properties) {
        registry.putPreProcessor(hook, properties);
    }

    void unbindPreProcessor(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = OutboundHook.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOutboundHook(OutboundHook hook, Map<String, Object> properties) {
        registry.putOutboundHook(hook, properties);
    }

    void updatedOutboundHook(OutboundHook hook, Map<String, Object> properties) {
        registry.putOutboundHook(hook, properties);
    }

    void unbindOutboundHook(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = PostProcessor.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPostProcessor(PostProcessor hook, Map<String, Object> properties) {
        registry.putPostProcessor(hook, properties);
    }

    void updatedPostProcessor(PostProcessor hook, Map<String, Object> properties) {
        registry.putPostProcessor(hook, properties);
    }

    void unbindPostProcessor(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = AddressBook.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAddressBook(AddressBook book, Map<String, Object> properties) {
        registry.putAddressBook(book, properties);
    }

    void updatedAddressBook(AddressBook book, Map<String, Object> properties) {
        registry.putAddressBook(book, properties);
    }

    void unbindAddressBook(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = RetryPolicy.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRetryPolicy(RetryPolicy retryPolicy, Map<String, Object> properties) {
        registry.putRetryPolicy(retryPolicy, properties);
    }

    void updatedRetryPolicy(RetryPolicy retryPolicy, Map<String, Object> properties) {
        registry.putRetryPolicy(retryPolicy, properties);
    }

    void unbindRetryPolicy(Map<String, Object> properties) {
        registry.remove(properties);
    }

    @Reference(
            service = SpoolListener.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindListener(SpoolListener listener, Map<String, Object> properties) {
        events.add(listener, Registry.events(properties));
    }

    void unbindListener(SpoolListener listener) {
        events.remove(listener);
    }
}
