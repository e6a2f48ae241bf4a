package io.spooler.core.admin;

import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.admin.Order;
import io.spooler.core.admin.Desk.Edit;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the orders do to one recipient. Immutable, any thread. */
final class Edits {

    /** Everything that is not final. */
    static final Edit CANCEL = (message, number, status) ->
            status.state().isFinal() ? null : new Transition(number, RecipientState.CANCELLED, false, null, null, null);

    private static final Set<RecipientState> SLEEPING = EnumSet.of(RecipientState.WAITING, RecipientState.DEFERRED);

    private final Clock clock;

    Edits(Clock clock) {
        this.clock = clock;
    }

    Edit of(Order order) {
        return switch (order.action()) {
            case HOLD -> this::hold;
            case RELEASE -> this::release;
            case RETRY -> (message, number, status) -> SLEEPING.contains(status.state()) ? ready(number, null) : null;
            case CANCEL -> CANCEL;
            case EXPIRE -> expire(clock.instant());
            case REROUTE -> (message, number, status) -> reroute(number, status, order.transport());
        };
    }

    @Nullable
    Transition hold(MessageStatus message, int number, RecipientStatus status) {
        return status.state().isFinal() || status.state() == RecipientState.HELD ? null : held(number, null);
    }

    @Nullable
    Transition release(MessageStatus message, int number, RecipientStatus status) {
        return status.state() == RecipientState.HELD ? ready(number, null) : null;
    }

    @Nullable
    Transition reroute(int number, RecipientStatus status, @Nullable String transport) {
        if (status.state().isFinal() || Objects.equals(status.recipient().transport(), transport)) {
            return null;
        }
        Recipient renewed = status.recipient().withTransport(transport);
        return status.state() == RecipientState.HELD ? held(number, renewed) : ready(number, renewed);
    }

    private static Transition held(int number, @Nullable Recipient renewed) {
        return new Transition(number, RecipientState.HELD, false, null, null, null, renewed);
    }

    Transition ready(int number, @Nullable Recipient renewed) {
        return new Transition(number, RecipientState.READY, false, clock.instant(), null, null, renewed);
    }

    /** The reports about what an order expires come into the queue behind it: they are not meant. */
    private static Edit expire(Instant begin) {
        return (message, number, status) -> {
            boolean report = message.sender() == null && message.submitted().isAfter(begin);
            return report || status.state().isFinal() ? null : expired(number, status.reply());
        };
    }

    private static Transition expired(int number, @Nullable Reply last) {
        Reply reply = new Reply("5.4.7", "expired by an administrator" + (last == null ? "" : "; last reply: " + last));
        return new Transition(number, RecipientState.EXPIRED, false, null, null, reply);
    }
}
