package io.spooler.core.claim;

import io.spooler.store.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the message that ends the process. Of those that were in work at two ends in a row only one is in work at a time:
 * the third end tells which it was, and nothing but that one is held (reliability 2.10). Owned by the loop.
 */
public final class Suspects {

    /** So many ends of the process in a row, and it is held. */
    public static final int MOST_CRASHES = 3;

    private List<Runnable> aside = new ArrayList<>();
    private @Nullable ActiveMessage current;

    /**
     * Tells whether a message may be the one.
     *
     * @param message as its store has it
     * @return true if it was in work at all but one of so many ends
     */
    public static boolean isSuspect(Message message) {
        return message.crashes() >= MOST_CRASHES - 1;
    }

    /**
     * Asks whether somebody else's code may have a message now.
     *
     * @param message which
     * @param again run later if not, to ask once more
     * @return true if so; it must be in work at once
     */
    public boolean mayBegin(ActiveMessage message, Runnable again) {
        if (!isSuspect(message.message())) {
            return true;
        }
        if (current != message && isOccupied()) {
            aside.add(again);
            return false;
        }
        current = message;
        return true;
    }

    private boolean isOccupied() {
        return current != null && current.isBusy() && !current.isDropped();
    }

    /** Work has ended: another may have its turn. */
    public void next() {
        if (!isOccupied()) {
            current = null; // Its store may leave.
            List<Runnable> all = aside;
            aside = new ArrayList<>();
            all.forEach(Runnable::run);
        }
    }

    /** What is in no line now will be offered by somebody else. */
    public void forget() {
        aside.clear();
    }
}
