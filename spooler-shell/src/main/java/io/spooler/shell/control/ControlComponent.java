package io.spooler.shell.control;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the life of the control socket: {@code data/control/socket} in the directory that the framework property
 * {@code spooler.base} names, by default the working directory. Where it cannot listen, it says so in the log and all
 * else goes on.
 */
@Component(
        service = {},
        immediate = true)
public final class ControlComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ControlComponent.class);
    private static final String BASE = "spooler.base";

    private final @Nullable ControlServer server;

    /**
     * Listens.
     *
     * @param processor of Gogo
     * @param context of this bundle
     */
    @Activate
    public ControlComponent(@Reference CommandProcessor processor, BundleContext context) {
        String base = context.getProperty(BASE);
        server = open(new SocketPlace(Path.of(base == null ? "" : base)), new GogoRunner(processor));
    }

    private static @Nullable ControlServer open(SocketPlace place, CommandRunner runner) {
        try {
            ControlServer server = new ControlServer(place, runner, ControlServer.Limits.DEFAULT);
            LOG.info("control socket {}", place.socket().toAbsolutePath());
            return server;
        } catch (IOException e) {
            LOG.error("no control socket, so bin/spooler sh and status cannot work: {}", e.getMessage());
            return null;
        }
    }

    @Deactivate
    void deactivate() {
        if (server != null) {
            server.close();
        }
    }
}
