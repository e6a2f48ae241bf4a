package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.hook.AddressBook;
import io.spooler.hook.HookProperties;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
 * Lists of addresses from a file in the format of the aliases (R7). Lists in lists are the core's matter.
 *
 * <p>Any thread. Failures: without any valid settings, or any valid file, it throws, so that nothing goes to half a list.
 */
@Component(
        service = AddressBook.class,
        immediate = true,
        configurationPid = Lists.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        property = HookProperties.NAME + "=lists")
@Designate(ocd = Lists.Config.class)
public final class Lists implements AddressBook {

    static final String PID = "io.spooler.hooks.lists";

    private static final Logger LOG = LoggerFactory.getLogger(Lists.class);
    private static final String FILE = "etc/lists";

    private volatile @Nullable WatchedFile<AliasTable> lists;
    private volatile String problem = "";

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: lists", description = "Lists of addresses from a file")
    public @interface Config {

        /**
         * The file of lists.
         *
         * @return a path, relative to the working directory
         */
        @AttributeDefinition(description = "File of lists, relative to the working directory; may be missing")
        String file() default FILE;
    }

    /**
     * Reads settings and file.
     *
     * @param properties the configuration
     */
    @Activate
    public Lists(Map<String, Object> properties) {
        apply(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    private void apply(Map<String, Object> properties) {
        try {
            Settings settings = Settings.of(PID, properties);
            Path file = settings.path("file", FILE);
            settings.check();
            lists = new WatchedFile<>(file, System::nanoTime, AliasParser::parse, AliasTable.EMPTY);
        } catch (SettingsException e) {
            problem = "lists: " + e.getMessage();
            LOG.error("{}; {}", problem, lists == null ? "mail for lists is refused" : "the former settings stay");
        }
    }

    @Override
    public Optional<List<Address>> members(String list) throws IOException {
        WatchedFile<AliasTable> present = lists;
        if (present == null) {
            throw new IOException(problem);
        }
        return Optional.ofNullable(present.value().targets().get(list.toLowerCase(Locale.ROOT)));
    }
}
