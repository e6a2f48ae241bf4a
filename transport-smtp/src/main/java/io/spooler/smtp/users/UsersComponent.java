package io.spooler.smtp.users;

import io.spooler.access.Users;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of {@code etc/io.spooler.smtp.users.cfg}; the shell that knows OSGi. A bundle that knows users better
 * registers {@link Users} with a higher ranking.
 */
@Component(
        service = Users.class,
        configurationPid = UsersComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=-1000")
@Designate(ocd = UsersConfig.class)
public final class UsersComponent implements Users {

    /** Name of the configuration. */
    static final String PID = "io.spooler.smtp.users";

    private static final Logger LOG = LoggerFactory.getLogger(UsersComponent.class);

    private volatile FileUsers users;

    /**
     * Reads the settings; the file is read when it is needed.
     *
     * @param properties the settings
     * @throws SettingsException if one is wrong: then nobody can log in
     */
    @Activate
    public UsersComponent(Map<String, Object> properties) throws SettingsException {
        users = read(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        try {
            users = read(properties);
        } catch (SettingsException e) {
            LOG.error("former settings stay: {}", e.getMessage());
        }
    }

    private static FileUsers read(Map<String, Object> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        Path file = s.path("file", "etc/users");
        s.check();
        return new FileUsers(file);
    }

    @Override
    public boolean verify(String name, String password) throws IOException {
        return users.verify(name, password);
    }

    @Override
    public Optional<Scram> scram(String name) throws IOException {
        return users.scram(name);
    }
}
