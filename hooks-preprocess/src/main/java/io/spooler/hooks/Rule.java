package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.hook.IncomingMessage;
import java.util.List;
import java.util.function.Predicate;

/**
 * One line of the rules.
 *
 * @param conditions all must hold
 * @param actions in their order
 */
record Rule(List<Predicate<Facts>> conditions, List<Action> actions) {

    /**
     * What a condition may look at.
     *
     * @param message that came in
     * @param header of it
     */
    record Facts(IncomingMessage message, MailHeader header) {}

    /** What is done. */
    sealed interface Action {}

    /** Files it there. */
    record Folder(String name) implements Action {}

    /** Sets a flag. */
    record Flag(String name) implements Action {}

    /** Sends a copy on. */
    record ForwardTo(Address address) implements Action {}

    /** Answers. */
    record Answer(String text) implements Action {}

    /** Removes it; nothing else is done. */
    record Discard() implements Action {}

    /** Looks at no further rule. */
    record Stop() implements Action {}

    /** Copies the lists. */
    Rule {
        conditions = List.copyOf(conditions);
        actions = List.copyOf(actions);
    }

    boolean matches(Facts facts) {
        return conditions.stream().allMatch(condition -> condition.test(facts));
    }
}
