package io.spooler.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.core.admin.Desk.Edit;
import io.spooler.testkit.ManualClock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom the orders change. */
class EditsTest {

    private static final Address ANN = Address.smtp("ann@example.org");

    private final ManualClock clock = new ManualClock();
    private final Edits edits = new Edits(clock);

    private static RecipientStatus status(RecipientState state) {
        return new RecipientStatus(Recipient.of(ANN), state, 0, Instant.EPOCH, Instant.EPOCH, null, null);
    }

    private static MessageStatus message(Address sender, Instant submitted) {
        return new MessageStatus(new SpoolId(1, 1), sender, submitted, 1, List.of(), false);
    }

    @Test
    void final_recipients_are_left_alone_and_the_others_as_the_order_says() {
        Set<RecipientState> open = EnumSet.of(
                RecipientState.READY, RecipientState.OFFERED, RecipientState.WAITING, RecipientState.DEFERRED);
        Set<RecipientState> queued = EnumSet.copyOf(open);
        queued.add(RecipientState.HELD);
        Map<Action, Set<RecipientState>> changed = Map.of(
                Action.HOLD,
                open,
                Action.RELEASE,
                EnumSet.of(RecipientState.HELD),
                Action.RETRY,
                EnumSet.of(RecipientState.WAITING, RecipientState.DEFERRED),
                Action.CANCEL,
                queued,
                Action.EXPIRE,
                queued,
                Action.REROUTE,
                queued);
        for (Action action : Action.values()) {
            String to = action == Action.REROUTE ? "other" : null;
            Edit edit = edits.of(new Order(action, Filter.ALL, to, "tester"));
            for (RecipientState state : RecipientState.values()) {
                assertThat(edit.edit(message(ANN, clock.instant()), 0, status(state)) != null)
                        .as("%s of %s", action, state)
                        .isEqualTo(changed.getOrDefault(action, Set.of()).contains(state));
            }
        }
    }

    @Test
    void the_reports_of_an_order_are_not_expired_by_it() {
        Edit edit = edits.of(Order.of(Action.EXPIRE, Filter.ALL, "tester"));
        Instant before = clock.instant();
        Instant after = before.plusNanos(1000);
        RecipientStatus waiting = status(RecipientState.WAITING);
        assertThat(edit.edit(message(null, after), 0, waiting)).isNull();
        assertThat(edit.edit(message(null, before), 0, waiting)).isNotNull();
        assertThat(edit.edit(message(ANN, after), 0, waiting)).isNotNull();
    }
}
