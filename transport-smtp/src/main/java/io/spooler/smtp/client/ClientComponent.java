package io.spooler.smtp.client;

import io.spooler.settings.ConfigName;
import io.spooler.settings.SettingsException;
import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.TokenSupplier;
import io.spooler.transport.TransportProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client per configuration {@code io.spooler.smtp.client-NAME.cfg}; the transport is called {@code smtp-NAME}. The
 * service is registered by hand, because its properties are made of the settings and change with them while the
 * service stays. Wrong settings are refused: the former ones stay, or, if there are none, the service takes nothing and
 * its status is FAILED.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = ClientSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ClientConfig.class, factory = true)
public final class ClientComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ClientComponent.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final BundleContext context;
    private final String name;
    private final @Nullable Object pid;
    private final Map<String, TokenSupplier> tokens = new ConcurrentHashMap<>();
    private final SmtpClient client;
    private @Nullable ServiceRegistration<TransportProvider> registration;
    private boolean configured;

    /**
     * Assigns.
     *
     * @param context registers the service
     * @param loops where connections live
     * @param properties name the configuration
     */
    @Activate
    public ClientComponent(BundleContext context, @Reference EventLoops loops, Map<String, Object> properties) {
        this.context = context;
        this.name = "smtp-" + ConfigName.instance(ClientSettings.PID, properties);
        this.pid = properties.get(Constants.SERVICE_PID);
        this.client = new SmtpClient(
                name, loops, tokens::get, MxFinder::isOwn, HttpsFetch::wellKnown, Clock.systemUTC(), GRACE);
    }

    /**
     * A supplier of tokens has come.
     *
     * @param supplier the service
     * @param properties with its name
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTokens(TokenSupplier supplier, Map<String, Object> properties) {
        tokens.put(String.valueOf(properties.get(TokenSupplier.NAME)), supplier);
    }

    /**
     * A supplier of tokens leaves.
     *
     * @param supplier the service
     */
    void removeTokens(TokenSupplier supplier) {
        tokens.values().removeIf(one -> one == supplier);
    }

    /**
     * Registers the service.
     *
     * @param properties the settings
     */
    @Activate
    void activate(Map<String, Object> properties) {
        Map<String, Object> published = apply(properties);
        registration = context.registerService(
                TransportProvider.class, client, FrameworkUtil.asDictionary(published == null ? named() : published));
    }

    /**
     * Changes settings while connections live.
     *
     * @param properties the new settings
     */
    @Modified
    void modified(Map<String, Object> properties) {
        Map<String, Object> published = apply(properties);
        if (published != null && registration != null) {
            registration.setProperties(FrameworkUtil.asDictionary(published));
        }
    }

    /** Takes the service away, then finishes what is being sent, for ten seconds at most. */
    @Deactivate
    void deactivate() {
        if (registration != null) {
            registration.unregister();
        }
        client.close();
    }

    private @Nullable Map<String, Object> apply(Map<String, Object> properties) {
        try {
            ClientSettings settings = ClientSettings.read(properties);
            client.apply(settings);
            configured = true;
            LOG.info("{}: {} for {}", name, settings.server(), settings.patterns());
            return published(settings);
        } catch (SettingsException e) {
            LOG.error("{}: {}: {}", name, configured ? "former settings stay" : "not started", e.getMessage());
            client.refuse(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Map<String, Object> published(ClientSettings settings) {
        Map<String, Object> published = named();
        List<String> patterns = new ArrayList<>(settings.patterns());
        if (patterns.remove("*")) {
            published.put(TransportProvider.TYPES, new String[] {"SMTP"});
        }
        if (!patterns.isEmpty()) {
            String[] typed = patterns.stream().map(p -> "SMTP:" + p).toArray(String[]::new);
            published.put(TransportProvider.PATTERNS, typed);
        }
        // One on its way over each connection, and one that goes with its answer; among many destinations each has its
        // own
        // connection, so that none of them waits for those that are slow.
        published.put(TransportProvider.CONCURRENCY, (settings.direct() ? 1 : 2) * settings.concurrency());
        published.put(Constants.SERVICE_RANKING, settings.ranking());
        return published;
    }

    private Map<String, Object> named() {
        Map<String, Object> published = new HashMap<>();
        published.put(TransportProvider.NAME, name);
        if (pid != null) {
            // Tools that look for the service of a configuration find this one.
            published.put(Constants.SERVICE_PID, pid);
        }
        return published;
    }
}
