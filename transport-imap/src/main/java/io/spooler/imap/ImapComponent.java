package io.spooler.imap;

import io.spooler.Mailboxes;
import io.spooler.settings.ConfigName;
import io.spooler.settings.SettingsException;
import io.spooler.transport.TransportProvider;
import java.time.Clock;
import java.util.HashMap;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetcher per configuration {@code io.spooler.imap-NAME.cfg}; the transport is called {@code imap-NAME}. Wrong settings
 * are refused: the former ones stay, or, if there are none, nothing is fetched and the status is FAILED. Methods are called
 * by Declarative Services, one at a time.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Account.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ImapConfig.class, factory = true)
public final class ImapComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ImapComponent.class);

    private final String name;
    private final Fetcher fetcher;
    private final ServiceRegistration<TransportProvider> registration;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Mailboxes mailboxes;

    /**
     * Registers the transport.
     *
     * @param context of this bundle
     * @param alarm of all accounts
     * @param properties the settings
     */
    @Activate
    public ImapComponent(BundleContext context, @Reference AlarmComponent alarm, Map<String, Object> properties) {
        name = "imap-" + ConfigName.instance(Account.PID, properties);
        fetcher = new Fetcher(name, alarm, Clock.systemUTC(), () -> mailboxes);
        apply(properties);
        Map<String, Object> service = new HashMap<>();
        service.put(TransportProvider.NAME, name);
        Object pid = properties.get(Constants.SERVICE_PID);
        if (pid != null) {
            service.put(Constants.SERVICE_PID, pid);
        }
        registration = context.registerService(TransportProvider.class, fetcher, FrameworkUtil.asDictionary(service));
    }

    private void apply(Map<String, Object> properties) {
        try {
            Account account = Account.read(properties);
            LOG.info("{}: {} for {}", name, account.server(), account.mailbox());
            fetcher.apply(account);
        } catch (SettingsException e) {
            LOG.error("{}: {}", name, e.getMessage());
            fetcher.refuse(String.valueOf(e.getMessage()));
        }
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    /** Takes the service away, then cuts the connection; within ten seconds. */
    @Deactivate
    void deactivate() {
        registration.unregister();
        fetcher.close();
    }
}
