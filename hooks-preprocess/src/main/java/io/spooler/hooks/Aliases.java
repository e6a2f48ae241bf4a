package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.access.RecipientCheck;
import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 * Replaces recipients that are aliases by their targets and removes duplicates (R7), also where there is no alias; knows
 * aliases when a listener asks whether there is such a recipient.
 *
 * <p>Any thread. Failures: without any valid settings, or any valid file of aliases, it throws, so that mail waits (R23), and
 * a listener is told to ask later.
 */
@Component(
        service = {PreProcessor.class, RecipientCheck.class},
        immediate = true,
        configurationPid = Aliases.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        property = {HookProperties.NAME + "=" + Aliases.NAME, "service.ranking:Integer=100"})
@Designate(ocd = Aliases.Config.class)
public final class Aliases implements PreProcessor, RecipientCheck {

    static final String PID = "io.spooler.hooks.aliases";
    static final String NAME = "aliases";

    private static final Logger LOG = LoggerFactory.getLogger(Aliases.class);
    private static final String FILE = "etc/aliases";
    private static final String DOMAIN = "spooler.local";

    private volatile @Nullable Setup setup;
    private volatile String problem = "";

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: aliases", description = "Expands recipients from a file")
    public @interface Config {

        /**
         * The file of aliases.
         *
         * @return a path, relative to the working directory
         */
        @AttributeDefinition(description = "File of aliases, relative to the working directory; may be missing")
        String file() default FILE;

        /**
         * Where aliases without a domain hold.
         *
         * @return domain names
         */
        @AttributeDefinition(description = "Mail domains in which an alias without a domain holds")
        String[] domains() default DOMAIN;
    }

    private record Setup(WatchedFile<AliasTable> file, Set<String> domains) {}

    /**
     * Reads settings and file.
     *
     * @param properties the configuration
     */
    @Activate
    public Aliases(Map<String, Object> properties) {
        apply(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    private void apply(Map<String, Object> properties) {
        try {
            setup = read(properties);
        } catch (SettingsException e) {
            problem = "aliases: " + e.getMessage();
            LOG.error("{}; {}", problem, setup == null ? "mail waits" : "the former settings stay");
        }
    }

    private static Setup read(Map<String, Object> properties) throws SettingsException {
        Settings settings = Settings.of(PID, properties);
        Path file = settings.path("file", FILE);
        List<String> domains = settings.list("domains", "mail domains such as example.org, without @", Aliases::domain);
        settings.check();
        return new Setup(
                new WatchedFile<>(file, System::nanoTime, AliasParser::parse, AliasTable.EMPTY),
                domains.isEmpty() ? Set.of(DOMAIN) : Set.copyOf(domains));
    }

    private static String domain(String text) {
        if (text.indexOf('@') >= 0 || text.indexOf('*') >= 0) {
            throw new IllegalArgumentException(text);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private Setup present() throws IOException {
        Setup present = setup;
        if (present == null) {
            throw new IOException(problem);
        }
        return present;
    }

    @Override
    public CompletionStage<Verdict> check(Address recipient) {
        try {
            Setup present = present();
            boolean known = present.file().value().holds(recipient, present.domains());
            return CompletableFuture.completedFuture(known ? Verdict.KNOWN : Verdict.NOT_MINE);
        } catch (IOException e) {
            LOG.debug("aliases cannot be asked: {}", e.getMessage());
            return CompletableFuture.completedFuture(Verdict.LATER);
        }
    }

    @Override
    public Decision process(OutgoingMessage message) throws IOException {
        Setup present = present();
        List<Recipient> expanded = present.file().value().expand(message.recipients(), present.domains());
        return expanded.equals(message.recipients()) ? Decision.CONTINUE : Decision.Change.recipients(expanded);
    }
}
