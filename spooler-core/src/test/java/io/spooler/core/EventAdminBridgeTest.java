package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.core.event.EventAdminBridge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** What Event Admin hears. */
class EventAdminBridgeTest {

    private final List<Event> posted = new ArrayList<>();
    private final EventAdminBridge bridge = new EventAdminBridge(new EventAdmin() {
        @Override
        public void postEvent(Event event) {
            posted.add(event);
        }

        @Override
        public void sendEvent(Event event) {
            throw new AssertionError("would wait for its handlers");
        }
    });

    @Test
    void an_order_has_a_topic_of_its_own_with_plain_values() {
        SpoolEvent event = new SpoolEvent.Administered(
                new SpoolId(1, 2), Instant.ofEpochMilli(1234), "ann", "HOLD: all", 2, 3, true);
        bridge.onEvent(event);
        assertThat(posted).singleElement().satisfies(told -> {
            assertThat(told.getTopic()).isEqualTo("io/spooler/admin/ORDER");
            assertThat(told.getProperty("event")).isSameAs(event);
            assertThat(told.getProperty("id")).isEqualTo(event.id().toString());
            assertThat(told.getProperty("timestamp")).isEqualTo(1234L);
            assertThat(told.getProperty("by")).isEqualTo("ann");
            assertThat(told.getProperty("order")).isEqualTo("HOLD: all");
            assertThat(told.getProperty("messages")).isEqualTo(2L);
            assertThat(told.getProperty("recipients")).isEqualTo(3L);
            assertThat(told.getProperty("undoable")).isEqualTo(true);
        });
    }

    @Test
    void a_status_has_a_topic_for_transports_and_one_for_the_spooler() {
        bridge.onEvent(new SpoolEvent.Status(new SpoolId(1, 2), Instant.EPOCH, "smtp", "OFFLINE", "cable"));
        bridge.onEvent(new SpoolEvent.Status(new SpoolId(1, 3), Instant.EPOCH, null, "AVAILABLE", "working"));
        assertThat(posted).first().satisfies(told -> {
            assertThat(told.getTopic()).isEqualTo("io/spooler/transport/STATUS");
            assertThat(told.getProperty("transport")).isEqualTo("smtp");
            assertThat(told.getProperty("condition")).isEqualTo("OFFLINE");
            assertThat(told.getProperty("text")).isEqualTo("cable");
        });
        assertThat(posted).last().satisfies(told -> assertThat(told.getTopic()).isEqualTo("io/spooler/core/STATUS"));
    }
}
