package io.spooler.core.claim;

import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds routing back after a start until every transport that the settings name is present, or declared absent because
 * its time is up (R10): what two carry shall not go by the one that happens to start first. Once over, it is over. Runs on
 * the loop; {@link #until} may be asked on any thread.
 */
public final class StartWait {

    private static final Logger LOG = LoggerFactory.getLogger(StartWait.class);

    private final Loop loop;
    private final Clock clock;
    private final Runnable begin;
    private Loop.Timer timer = () -> {};
    private volatile @Nullable Instant until;
    private boolean over;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param begin called once, when routing may begin
     */
    public StartWait(Loop loop, Clock clock, Runnable begin) {
        this.loop = loop;
        this.clock = clock;
        this.begin = begin;
    }

    /**
     * Begins to wait; ends at once if nothing is missing.
     *
     * @param most for so long
     * @param present what is present now
     */
    public void start(Duration most, Snapshot present) {
        until = clock.instant().plus(most);
        timer = loop.after(most, this::end);
        look(present);
    }

    /**
     * What is present has changed.
     *
     * @param present what is present now
     */
    public void look(Snapshot present) {
        List<String> missing = missing(present);
        if (until != null && missing.isEmpty()) {
            end();
        } else if (until != null) {
            LOG.info("routing waits for transports {} to appear, until {}", missing, until);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            until = null;
            timer.cancel();
            begin.run();
        }
    }

    /**
     * Whom it waits for.
     *
     * @param present what is present
     * @return names of transports, in the configured order
     */
    public static List<String> missing(Snapshot present) {
        return present.away().stream().filter(Away::named).map(Away::name).toList();
    }

    /**
     * When those that are still missing are declared absent.
     *
     * @return the time, or null if routing has begun
     */
    public @Nullable Instant until() {
        return until;
    }
}
