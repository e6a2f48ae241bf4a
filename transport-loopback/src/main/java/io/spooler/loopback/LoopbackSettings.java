package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import io.spooler.transport.TransportProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of the loopback transport. Immutable.
 *
 * @param domains mail domains whose addresses are local mailboxes, in lower case, without duplicates
 * @param mailboxes names of mailboxes that exist before they hold a message, in lower case; {@link #ANY} for every name
 */
record LoopbackSettings(List<String> domains, Set<String> mailboxes) {

    static final String PID = "io.spooler.loopback";
    static final String NAME = "loopback";
    static final String DEFAULT_DOMAIN = "spooler.local";
    static final String ANY = "*";

    /** As many as a group commit of the store may gather: the work itself is one short copy at a time. */
    static final int CONCURRENCY = 20;

    private static final int MAX_DOMAIN = 253;
    private static final Pattern DOMAIN = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?");

    LoopbackSettings {
        domains = domains.stream().distinct().toList();
        mailboxes = Set.copyOf(mailboxes);
    }

    /**
     * Reads a configuration.
     *
     * @param properties of the component
     * @return the settings, with defaults where nothing is set
     * @throws SettingsException naming every wrong or unknown setting
     */
    static LoopbackSettings read(Map<String, ?> properties) throws SettingsException {
        Settings settings = Settings.of(PID, properties);
        List<String> domains =
                settings.list("domains", "mail domains such as example.org, without @ and *", LoopbackSettings::domain);
        List<String> mailboxes =
                settings.list("mailboxes", "names without @, or * for every name", LoopbackSettings::mailbox);
        settings.check();
        return new LoopbackSettings(domains.isEmpty() ? List.of(DEFAULT_DOMAIN) : domains, Set.copyOf(mailboxes));
    }

    private static String mailbox(String text) {
        if (text.indexOf('@') >= 0 || (text.indexOf('*') >= 0 && !text.equals(ANY))) {
            throw new IllegalArgumentException(text);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static String domain(String text) {
        if (text.length() > MAX_DOMAIN
                || text.contains("..")
                || !DOMAIN.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * What the service says of itself.
     *
     * @param component properties of the component, for those that identify its configuration
     * @return name, types, patterns and concurrency
     */
    Map<String, Object> serviceProperties(Map<String, ?> component) {
        Map<String, Object> properties = identity(component);
        properties.put(TransportProvider.TYPES, new String[] {Address.LOCAL});
        properties.put(
                TransportProvider.PATTERNS,
                domains.stream().map(domain -> Address.SMTP + ":*@" + domain).toArray(String[]::new));
        properties.put(TransportProvider.CONCURRENCY, CONCURRENCY);
        properties.put(TransportProvider.INBOUND_CONCURRENCY, CONCURRENCY);
        return properties;
    }

    /**
     * The properties of a service that carries nothing, because its first settings were refused.
     *
     * @param component properties of the component
     * @return the name, and what identifies the configuration
     */
    static Map<String, Object> identity(Map<String, ?> component) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(TransportProvider.NAME, NAME);
        Object pid = component.get("service.pid");
        if (pid != null) {
            properties.put("service.pid", pid);
        }
        return properties;
    }
}
