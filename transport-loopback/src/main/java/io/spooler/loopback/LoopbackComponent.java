package io.spooler.loopback;

import io.spooler.settings.SettingsException;
import io.spooler.transport.TransportProvider;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the life of the loopback transport. It registers the service itself, because the domains are in the service
 * properties: so one and the same service stays while they change. Methods are called by Declarative Services, one at a
 * time.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = LoopbackSettings.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = LoopbackComponent.Config.class)
public final class LoopbackComponent {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackComponent.class);

    private final Loopback loopback = new Loopback();
    private final ServiceRegistration<TransportProvider> registration;

    /** What people can set. */
    @ObjectClassDefinition(
            name = "Spooler: loopback transport",
            description = "Delivers to the mailboxes of this spooler")
    public @interface Config {

        /**
         * Mail domains whose addresses are local mailboxes.
         *
         * @return domain names
         */
        @AttributeDefinition(description = "Mail domains whose addresses are local mailboxes")
        String[] domains() default LoopbackSettings.DEFAULT_DOMAIN;

        /**
         * Mailboxes that listeners take mail for although nothing is in them yet.
         *
         * @return names, or a star
         */
        @AttributeDefinition(
                description = "Mailboxes that listeners take mail for although they hold nothing yet; * for every name")
        String[] mailboxes() default {};
    }

    /**
     * Registers the transport.
     *
     * @param context of this bundle
     * @param properties the configuration
     */
    @Activate
    public LoopbackComponent(BundleContext context, Map<String, Object> properties) {
        registration = context.registerService(
                TransportProvider.class, loopback, FrameworkUtil.asDictionary(settle(properties)));
    }

    private Map<String, Object> settle(Map<String, Object> properties) {
        try {
            LoopbackSettings settings = LoopbackSettings.read(properties);
            loopback.apply(settings);
            return settings.serviceProperties(properties);
        } catch (SettingsException e) {
            LOG.error("loopback carries nothing until its settings are right: {}", e.getMessage());
            loopback.fail(String.join("; ", e.problems()));
            return LoopbackSettings.identity(properties);
        }
    }

    @Modified
    void modified(Map<String, Object> properties) {
        try {
            LoopbackSettings settings = LoopbackSettings.read(properties);
            loopback.apply(settings);
            registration.setProperties(FrameworkUtil.asDictionary(settings.serviceProperties(properties)));
            LOG.info("loopback serves {}", settings.domains());
        } catch (SettingsException e) {
            LOG.error("loopback keeps its former settings: {}", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        loopback.close();
    }
}
