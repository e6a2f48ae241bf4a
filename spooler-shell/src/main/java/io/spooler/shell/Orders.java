package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.admin.SpoolAdmin;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;

/**
 * Gives orders as people mean them: what one word names is done at once; what a filter selects is shown first, if it is more
 * than one message, and done with {@code --yes}. Any thread; blocks for the store.
 *
 * @param admin carries them out
 * @param spooler to know whether a message exists
 */
record Orders(SpoolAdmin admin, Spooler spooler) {

    /** Who gives an order, where the session does not know a user. */
    private static final String LOCAL = "local";

    private static final int MOST_NAME = 100;

    String give(Action action, boolean yes, String[] words, CommandSession session) {
        return give(Order.of(action, filter(words), who(session)), yes || Texts.isOneWord(words));
    }

    String reroute(@Nullable String transport, boolean yes, String[] words, CommandSession session) {
        Order order = new Order(Action.REROUTE, filter(words), transport, who(session));
        String answer = give(order, yes || Texts.isOneWord(words));
        return transport == null || isPresent(transport)
                ? answer
                : answer + "\nNo transport named " + Reply.clean(transport)
                        + " is present now: what is rerouted waits.";
    }

    private boolean isPresent(String transport) {
        return admin.status().transports().stream().anyMatch(row -> row.name().equals(transport));
    }

    private Filter filter(String... words) {
        // An empty word would select everything: a script may have lost what stood there.
        if (String.join("", words).isBlank()) {
            throw new IllegalArgumentException("whom? give a filter, the id of a message, or: all");
        }
        Filter filter = Texts.filter(words);
        Texts.onlyId(filter).filter(id -> spooler.find(id).isEmpty()).ifPresent(id -> {
            throw Texts.unknown(id);
        });
        return filter;
    }

    private String give(Order order, boolean yes) {
        if (!yes) {
            Order.Result preview = admin.preview(order);
            // Those in work count: they may be free when the order comes to them.
            if (preview.messages() > 1) {
                return Reply.clean(order.toString()) + " would change " + Texts.count(preview.recipients(), "recipient")
                        + " of " + Texts.count(preview.messages(), "message") + inWork(preview, "would be")
                        + "\nNothing was done: --yes does it.";
            }
        }
        Order.Result result = admin.change(order);
        String undo = result.undoable() ? "\nTo take it back: spooler:undo " + result.id() : "";
        return Texts.count(result.recipients(), "recipient") + " " + done(order.action()) + inWork(result, "was")
                + undo;
    }

    private static String done(Action action) {
        return switch (action) {
            case HOLD -> "held";
            case RETRY -> "due now";
            case CANCEL -> "cancelled";
            default -> action.name().toLowerCase(Locale.ROOT) + "d";
        };
    }

    private static String inWork(Order.Result result, String was) {
        return result.inWork() == 0 ? "" : "; " + result.inWork() + " in work " + was + " left alone";
    }

    String undo(SpoolId id, CommandSession session) {
        Order.Result result = admin.undo(id, who(session));
        return Texts.count(result.recipients(), "recipient") + " changed back" + inWork(result, "was")
                + (result.changedSince() == 0 ? "" : "; " + result.changedSince() + " changed since, left alone");
    }

    /** The name that the session has for its user, if it has one. */
    static String who(CommandSession session) {
        String user = session.get("USER") instanceof String name ? Reply.clean(name) : "";
        return user.isEmpty() ? LOCAL : user.substring(0, Math.min(user.length(), MOST_NAME));
    }
}
