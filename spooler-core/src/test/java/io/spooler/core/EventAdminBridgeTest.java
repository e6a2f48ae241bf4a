package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.core.event.EventAdminBridge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** R55. */
    @Test
    void an_arrival_is_told_with_its_place_class_size_and_flags() {
        Mailboxes.Entry entry = new Mailboxes.Entry(
                new SpoolId(1, 2), "ann", "Lists", "IPM.Note", null, Instant.EPOCH, 1234, Set.of("\\Flagged"), 7);
        bridge.onEvent(new SpoolEvent.Arrived(entry.id(), Instant.EPOCH, entry));
        assertThat(posted).singleElement().satisfies(told -> {
            assertThat(told.getTopic()).isEqualTo("io/spooler/message/ARRIVED");
            assertThat(told.getProperty("id")).isEqualTo(entry.id().toString());
            assertThat(told.getProperty("mailbox")).isEqualTo("ann");
            assertThat(told.getProperty("folder")).isEqualTo("Lists");
            assertThat(told.getProperty("class")).isEqualTo("IPM.Note");
            assertThat(told.getProperty("size")).isEqualTo(1234L);
            assertThat(told.getProperty("flags")).isEqualTo(new String[] {"\\Flagged"});
            assertThat(told.getProperty("sequence")).isEqualTo(7L);
        });
    }

    @Test
    void what_a_report_says_has_a_topic() {
        RecipientStatus said = new RecipientStatus(
                Recipient.of(Address.smtp("bob@example.org")),
                RecipientState.RELAYED,
                1,
                null,
                Instant.EPOCH,
                "smtp",
                new Reply("5.1.1", "a report says: failed"));
        bridge.onEvent(new SpoolEvent.Reported(new SpoolId(1, 2), Instant.EPOCH, said));
        assertThat(posted).singleElement().satisfies(told -> {
            assertThat(told.getTopic()).isEqualTo("io/spooler/recipient/REPORTED");
            assertThat(told.getProperty("recipient")).isEqualTo("SMTP:bob@example.org");
            assertThat(told.getProperty("state")).isEqualTo("RELAYED");
            assertThat(told.getProperty("reply")).isEqualTo("5.1.1 a report says: failed");
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
