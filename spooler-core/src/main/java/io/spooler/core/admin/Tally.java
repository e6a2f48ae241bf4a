package io.spooler.core.admin;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Order;
import io.spooler.core.admin.Desk.Changed;
import io.spooler.core.admin.Desk.Edit;
import java.util.Set;

/** Counts what an order does, and remembers it as far as it can be taken back. One thread. */
final class Tally {

    private static final Set<Order.Action> UNDOABLE =
            Set.of(Order.Action.HOLD, Order.Action.RELEASE, Order.Action.REROUTE);

    private final Touched touched = new Touched();
    private final boolean remembers;
    private long messages;
    private long recipients;
    private long inWork;

    private Tally(boolean remembers) {
        this.remembers = remembers;
    }

    static Tally counting() {
        return new Tally(false);
    }

    static Tally remembering(Order order) {
        return new Tally(UNDOABLE.contains(order.action()));
    }

    /** What an edit would do. */
    void preview(MessageStatus message, Edit edit) {
        int changed = 0;
        int busy = 0;
        for (int i = 0; i < message.recipients().size(); i++) {
            RecipientStatus recipient = message.recipients().get(i);
            if (edit.edit(message, i, recipient) != null) {
                boolean offered = recipient.state() == RecipientState.OFFERED;
                changed += offered ? 0 : 1;
                busy += offered ? 1 : 0;
            }
        }
        count(changed, busy);
    }

    /** What an edit has done. */
    void done(Changed changed) {
        count(changed.before().size(), changed.inWork());
        if (remembers && recipients <= Undos.MOST_RECIPIENTS) {
            changed.before().forEach((number, status) -> touched.add(changed.id(), number, status));
        }
    }

    private void count(int changed, int busy) {
        messages += changed + busy > 0 ? 1 : 0;
        recipients += changed;
        inWork += busy;
    }

    Touched touched() {
        return touched;
    }

    /** The counts; to be taken back only if all that was changed is remembered. */
    Order.Result result(SpoolId id) {
        boolean undoable = remembers && recipients > 0 && recipients <= Undos.MOST_RECIPIENTS;
        return new Order.Result(id, messages, recipients, inWork, 0, undoable);
    }

    /** The counts of taking back what was so many recipients. */
    Order.Result result(SpoolId id, int former) {
        return new Order.Result(id, messages, recipients, inWork, former - recipients - inWork, false);
    }
}
