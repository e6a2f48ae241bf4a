package io.spooler.pickup;

import io.spooler.Spooler;
import io.spooler.settings.SettingsException;
import io.spooler.transport.TransportProvider;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the life of the pickup directory: there for as long as a configuration and the spooler are. Methods are called by
 * Declarative Services, one at a time.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = PickupSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PickupComponent.Config.class)
public final class PickupComponent {

    private static final Logger LOG = LoggerFactory.getLogger(PickupComponent.class);

    private final Pickup pickup;
    private final ServiceRegistration<TransportProvider> registration;

    /** What people can set. */
    @ObjectClassDefinition(
            name = "Spooler: pickup directory",
            description = "Submits the messages that programs put into a directory")
    public @interface Config {

        /**
         * Where messages are put.
         *
         * @return a path
         */
        @AttributeDefinition(description = "Where messages are put, as files NAME.eml")
        String directory() default PickupSettings.DEFAULT_DIRECTORY;

        /**
         * How often it is looked into.
         *
         * @return a duration
         */
        @AttributeDefinition(description = "How often it is looked into")
        String interval() default "1s";
    }

    /**
     * Registers the source.
     *
     * @param context of this bundle
     * @param spooler takes the messages
     * @param properties the configuration
     * @throws SettingsException if it is wrong: nothing is picked up
     */
    @Activate
    public PickupComponent(BundleContext context, @Reference Spooler spooler, Map<String, Object> properties)
            throws SettingsException {
        pickup = new Pickup(spooler::submit, PickupSettings.read(properties));
        Map<String, Object> service = new HashMap<>();
        service.put(TransportProvider.NAME, PickupSettings.NAME);
        service.put("service.pid", PickupSettings.PID);
        registration = context.registerService(TransportProvider.class, pickup, FrameworkUtil.asDictionary(service));
    }

    @Modified
    void modified(Map<String, Object> properties) {
        try {
            pickup.apply(PickupSettings.read(properties));
        } catch (SettingsException e) {
            LOG.error("pickup keeps its former settings: {}", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        pickup.close();
    }
}
