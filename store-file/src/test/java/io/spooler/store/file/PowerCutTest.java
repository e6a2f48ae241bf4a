package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The power of a real file system is cut at random moments under load (reliability test b2); {@code
 * -Dspooler.cuts=1000} on each. What was acknowledged had been forced: it is there after the replay of the file
 * system's journal. What was not may be there. A disk that lies about its own cache is not shown by this.
 *
 * <p>What the child says after the order to cut does not count: nobody hears it where the power goes, and ext4 may call a
 * force good while it is being shut down. A bare program that appended and called {@code fdatasync} saw its last record gone
 * in 86 of 1 500 such cuts (Linux 6.18), and never one from before the order.
 */
class PowerCutTest {

    private static final Logger LOG = LoggerFactory.getLogger("powercut"); // the store's own are off
    private static final int CUTS = Integer.getInteger("spooler.cuts", 50);
    private static final long SIZE = 400L << 20; // xfs wants 300 MiB at least

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void losesNothingWhenThePowerIsCut(String type) throws Exception {
        LoopMount.skipWithout(type, "xfs_io");
        try (LoopMount mount = LoopMount.make(directory, type, SIZE)) {
            Lives.Ending cut = child -> {
                mount.cut();
                ChildProcess.pull(child);
            };
            Lives lives = new Lives(mount.point().resolve("spool"), cut, false);
            for (int i = 0; i <= CUTS; i++) {
                lives.live();
                mount.remount();
            }
            LOG.warn("{} power cuts on {}: {}", CUTS, type, lives);
            assertThat(lives.accepted()).as("work was done").isGreaterThan(CUTS);
            assertThat(lives.failures())
                    .as("lives that ended with a store that stopped")
                    .isEqualTo(CUTS + 1);
        }
    }
}
