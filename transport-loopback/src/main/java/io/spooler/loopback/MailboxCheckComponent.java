package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.access.RecipientCheck;
import io.spooler.settings.SettingsException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the life of the check of mailboxes, which goes by the settings of the transport. */
@Component(configurationPid = LoopbackSettings.PID, configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class MailboxCheckComponent implements RecipientCheck {

    private static final Logger LOG = LoggerFactory.getLogger(MailboxCheckComponent.class);

    private final MailboxCheck check = new MailboxCheck(() -> mailboxes());

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Mailboxes mailboxes;

    /**
     * Reads the settings.
     *
     * @param properties the configuration
     */
    @Activate
    public MailboxCheckComponent(Map<String, Object> properties) {
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        try {
            LoopbackSettings settings = LoopbackSettings.read(properties);
            check.apply(settings);
            LOG.info(
                    "loopback takes mail for {}, and for mailboxes that hold any",
                    settings.mailboxes().stream().sorted().toList());
        } catch (SettingsException e) {
            LOG.debug("the former settings stay, as the transport says, too: {}", e.getMessage());
        }
    }

    private @Nullable Mailboxes mailboxes() {
        return mailboxes;
    }

    @Override
    public CompletionStage<Verdict> check(Address recipient) {
        return check.check(recipient);
    }

    @Deactivate
    void deactivate() {
        check.close();
    }
}
