package io.spooler.smtp.client;

import io.spooler.transport.Outcome;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known so far of each recipient of one message. Recipients are offered to the server in their order; it
 * accepts them, refuses them, or puts them off to another round. Belongs to one event loop.
 */
final class Answers {

    private final @Nullable Outcome[] outcomes;
    /** Which recipients are offered in this round; by index. */
    private final int[] offered;

    /** Which of them the server accepted. */
    private final int[] accepted;

    /** Which of them the server wants to see in another round. */
    private final int[] postponed;

    private int offeredCount;
    private int acceptedCount;
    private int postponedCount;
    private int next;
    private int told;

    Answers(int recipients) {
        outcomes = new Outcome[recipients];
        offered = new int[recipients];
        accepted = new int[recipients];
        postponed = new int[recipients];
    }

    // ---- the round

    /** The recipient goes to the server in this round. */
    void offer(int index) {
        offered[offeredCount++] = index;
    }

    int offeredCount() {
        return offeredCount;
    }

    int offered(int place) {
        return offered[place];
    }

    /** Whether a reply to RCPT is awaited still. */
    boolean hasNext() {
        return next < offeredCount;
    }

    /** Whose reply to RCPT is the next one. */
    int next() {
        return offered[next];
    }

    /** The next one is accepted. */
    void accept() {
        accepted[acceptedCount++] = offered[next++];
    }

    /** The next one is not. */
    void refuse(Outcome outcome) {
        outcomes[offered[next++]] = outcome;
    }

    /**
     * The next one is for another round.
     *
     * @param outcome holds if there is none
     */
    void postpone(Outcome outcome) {
        postponed[postponedCount++] = offered[next];
        refuse(outcome);
    }

    int acceptedCount() {
        return acceptedCount;
    }

    boolean anyPostponed() {
        return postponedCount > 0;
    }

    /** Offers those that were put off. */
    void nextRound() {
        System.arraycopy(postponed, 0, offered, 0, postponedCount);
        offeredCount = postponedCount;
        postponedCount = 0;
        acceptedCount = 0;
        next = 0;
        told = 0;
        for (int i = 0; i < offeredCount; i++) {
            outcomes[offered[i]] = null;
        }
    }

    // ---- outcomes

    /** The outcome of one that is not offered. */
    void decide(int index, Outcome outcome) {
        outcomes[index] = outcome;
    }

    /** The outcome of the next one of those that were accepted, where each has its own (LMTP). */
    void tell(Outcome outcome) {
        outcomes[accepted[told++]] = outcome;
    }

    /** Whether all that were accepted have their own outcome. */
    boolean allTold() {
        return told == acceptedCount;
    }

    /** The outcome of all that have none. */
    void fill(Outcome outcome) {
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = outcome;
            }
        }
    }

    /** Whether nothing was decided of those that are offered. */
    boolean isUntouched() {
        return offeredCount > 0 && outcomes[offered[0]] == null;
    }

    /** One for each recipient; those without one are handed back. */
    List<Outcome> list() {
        fill(new Outcome.NotMine());
        return List.of(Arrays.copyOf(outcomes, outcomes.length));
    }
}
