package io.spooler.smtp.listener;

import io.spooler.Spooler;
import io.spooler.access.RecipientCheck;
import io.spooler.settings.ConfigName;
import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.TransportProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * One listener per configuration {@code io.spooler.smtp.listener-NAME.cfg}; the shell that knows OSGi. The port stays
 * open while the spooler is away; then mail is refused for the time being.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Listener.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ListenerConfig.class, factory = true)
public final class ListenerComponent {

    /** Service property: where the listener listens, {@code host:port}, or an empty text. */
    private static final String ADDRESS = "spooler.listener.address";

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Listener listener;
    private final ServiceRegistration<TransportProvider> registration;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Spooler spooler;

    @Reference(policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<RecipientCheck> recipients = List.of();

    /**
     * Opens the port and says so; a wrong setting leaves it closed and says that.
     *
     * @param context registers the service
     * @param properties the settings
     * @param loops where connections live
     * @param logins who may log in
     */
    @Activate
    public ListenerComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference EventLoops loops,
            @Reference LoginsComponent logins) {
        String name = "listener-" + ConfigName.instance(Listener.PID, properties);
        Publication publication = new Publication(name, properties.get(Constants.SERVICE_PID));
        Services services = new Services(() -> spooler, logins.logins(), () -> recipients, Clock.systemUTC());
        listener = new Listener(loops.group(), loops.serverType(), services, publication::moved, GRACE);
        listener.apply(properties);
        registration = publication.register(context, listener);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        listener.apply(properties);
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        listener.close();
    }

    /** The service properties follow the port, which may move before and after the registration. */
    private static final class Publication {

        private final Map<String, Object> fixed = new HashMap<>();
        private String address = "";
        private @Nullable ServiceRegistration<TransportProvider> registration;

        /** The PID, too: tools that look for the service of a configuration find this one. */
        Publication(String name, @Nullable Object pid) {
            fixed.put(TransportProvider.NAME, name);
            if (pid != null) {
                fixed.put(Constants.SERVICE_PID, pid);
            }
        }

        void moved(String where) {
            ServiceRegistration<TransportProvider> present;
            synchronized (this) {
                address = where;
                present = registration;
            }
            if (present != null) {
                publish(present);
            }
        }

        ServiceRegistration<TransportProvider> register(BundleContext context, Listener listener) {
            ServiceRegistration<TransportProvider> made =
                    context.registerService(TransportProvider.class, listener, properties());
            synchronized (this) {
                registration = made;
            }
            // It may have moved between the two.
            publish(made);
            return made;
        }

        private void publish(ServiceRegistration<TransportProvider> present) {
            try {
                present.setProperties(properties());
            } catch (IllegalStateException unregistered) {
                // The component is being deactivated.
            }
        }

        private synchronized Dictionary<String, Object> properties() {
            Map<String, Object> all = new HashMap<>(fixed);
            all.put(ADDRESS, address);
            return FrameworkUtil.asDictionary(all);
        }
    }
}
