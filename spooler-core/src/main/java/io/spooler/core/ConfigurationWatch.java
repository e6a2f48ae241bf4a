package io.spooler.core;

import io.spooler.core.registry.Configurations;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Configuration Admin, where that is present. It is told of a removal behind it, so that what asks on a sign of
 * leaving finds the configuration gone already, and what asks before hears of it here.
 */
@Component(service = {Configurations.class, ConfigurationListener.class})
public final class ConfigurationWatch implements Configurations, ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

    private final ConfigurationAdmin admin;
    private volatile Consumer<String> listener = pid -> {};

    /**
     * Assigns.
     *
     * @param admin the service
     */
    @Activate
    public ConfigurationWatch(@Reference ConfigurationAdmin admin) {
        this.admin = admin;
    }

    @Override
    public List<String> existing(List<String> pids) {
        return pids.stream().filter(this::exists).toList();
    }

    private boolean exists(String pid) {
        try {
            return admin.listConfigurations("(service.pid=" + escaped(pid) + ")") != null;
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            // Rather held than reported: what is held goes on when its transport is back.
            LOG.warn(
                    "whether the configuration {} exists cannot be told, so it counts as there: {}", pid, e.toString());
            return true;
        }
    }

    private static String escaped(String pid) {
        return pid.replaceAll("[\\\\*()]", "\\\\$0");
    }

    @Override
    public void onRemoved(Consumer<String> next) {
        listener = next;
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            listener.accept(event.getPid());
        }
    }
}
