package io.spooler.smtp.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.transport.TraceEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchersTest {

    private final Watchers watchers = new Watchers();
    private final List<String> seen = new ArrayList<>();

    private void tell(String lane) {
        watchers.tell(new TraceEntry(Instant.EPOCH, lane, "1", "text"));
    }

    @Test
    void whoWatchesOneLaneHearsOfNoOther() {
        assertThat(watchers.isEmpty()).isTrue();
        Runnable one = watchers.add("a", entry -> seen.add("one " + entry.lane()));
        assertThat(watchers.isEmpty()).isFalse();
        assertThat(watchers.want("a")).isTrue();
        assertThat(watchers.want("b")).isFalse();
        watchers.add(null, entry -> seen.add("all " + entry.lane()));
        assertThat(watchers.want("b")).isTrue();
        tell("a");
        tell("b");
        one.run();
        one.run();
        tell("a");
        assertThat(seen).containsExactly("one a", "all a", "all b", "all a");
    }

    @Test
    void behindTheEndNobodyHearsAnything() {
        watchers.add(null, entry -> seen.add(entry.text()));
        watchers.close();
        tell("a");
        assertThat(watchers.isEmpty()).isTrue();
        assertThat(seen).isEmpty();
    }
}
