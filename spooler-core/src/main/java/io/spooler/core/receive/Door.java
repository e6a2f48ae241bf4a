package io.spooler.core.receive;

import io.spooler.core.registry.TransportEntry;
import io.spooler.transport.Inlet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets transports bring messages in, one by one as they come, or none at all (R51). Owned by the loop. */
public final class Door {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    private final Inlet inlet;
    private boolean closed;

    /**
     * Assigns.
     *
     * @param inlet takes what comes in
     */
    public Door(Inlet inlet) {
        this.inlet = inlet;
    }

    /**
     * A transport has come.
     *
     * @param transport may bring messages in unless the door is closed
     */
    public void came(TransportEntry transport) {
        if (!closed) {
            open(transport);
        }
    }

    /**
     * No reception begins any more. Without effect if it is closed.
     *
     * @param transports those that are present
     */
    public void close(List<TransportEntry> transports) {
        if (!closed) {
            closed = true;
            transports.forEach(Door::close);
        }
    }

    /**
     * Opens again. Without effect if it is open.
     *
     * @param transports those that are present
     */
    public void open(List<TransportEntry> transports) {
        if (closed) {
            closed = false;
            transports.forEach(this::open);
        }
    }

    private void open(TransportEntry transport) {
        try {
            transport.provider().openInbound(inlet);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to open for incoming messages", transport.name(), e);
        }
    }

    private static void close(TransportEntry transport) {
        try {
            transport.provider().closeInbound();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to close for incoming messages", transport.name(), e);
        }
    }
}
