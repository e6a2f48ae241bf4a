package io.spooler.dkim;

import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs mail of our own people in the name of its author's domain, behind the hooks that may change it (RFC 6376). What
 * strangers bring, and what is passed on, is not signed: it would speak in our name.
 *
 * <p>Any thread; blocks for the disk. The same message is signed the same way again. Failures: without any valid settings it
 * throws, so that mail waits instead of leaving unsigned (R23).
 */
@Component(
        service = PreProcessor.class,
        immediate = true,
        configurationPid = SignerSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {
            HookProperties.NAME + "=" + DkimSigner.NAME,
            HookProperties.TYPES + "=SMTP",
            "service.ranking:Integer=-100"
        })
@Designate(ocd = DkimSigner.Config.class)
public final class DkimSigner implements PreProcessor {

    static final String NAME = "dkim-signer";

    private static final Logger LOG = LoggerFactory.getLogger(DkimSigner.class);

    private volatile @Nullable SignerSettings settings;
    private volatile String problem = "";

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: DKIM signer", description = "Signs mail of our own domains")
    public @interface Config {

        /**
         * The keys.
         *
         * @return domain, selector and file of each
         */
        @AttributeDefinition(description = "DOMAIN:SELECTOR:FILE; the file holds a private key, PKCS#8 in PEM form")
        String[] keys();

        /**
         * What is signed.
         *
         * @return names of fields
         */
        @AttributeDefinition(
                description = "Fields to sign; those of RFC 6376 section 5.4.1 if not set",
                required = false)
        String[] headers() default {};

        /**
         * Who is ours.
         *
         * @return networks
         */
        @AttributeDefinition(description = "Networks whose clients are ours; this machine if not set", required = false)
        String[] networks() default {};
    }

    /**
     * Reads settings and keys.
     *
     * @param properties the configuration
     */
    @Activate
    public DkimSigner(Map<String, Object> properties) {
        apply(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    private void apply(Map<String, Object> properties) {
        try {
            settings = SignerSettings.read(properties);
            LOG.info("{}: {}", NAME, settings.signing().keys());
        } catch (SettingsException e) {
            problem = NAME + ": " + e.getMessage();
            LOG.error("{}; {}", problem, settings == null ? "mail waits" : "the former settings stay");
        }
    }

    @Override
    public Decision process(OutgoingMessage message) throws IOException {
        SignerSettings present = settings;
        if (present == null) {
            throw new IOException(problem);
        }
        Optional<Header> header = Header.read(message.content());
        if (header.isEmpty() || Origin.of(header.get(), message.id(), present.networks()) != Origin.OURS) {
            return Decision.CONTINUE;
        }
        // The time of submission, so that a second run after a crash makes the same signature.
        String lines = present.signing().sign(message.content(), header.get(), message.submitted());
        return lines.isEmpty() ? Decision.CONTINUE : Decision.Change.prepend(lines);
    }
}
