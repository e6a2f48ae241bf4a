package io.spooler.smtp.client;

import io.spooler.Reply;
import io.spooler.transport.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message whose commands were sent behind the content of the present one; it comes next. Until then it is untouched:
 * it may be handed on, or back, and then the connection is good for nothing more. One event loop.
 */
final class Following {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final Connection connection;
    private final Owner owner;
    private @Nullable Transaction next;
    private boolean spoiled;

    Following(Connection connection, Owner owner) {
        this.connection = connection;
        this.owner = owner;
    }

    boolean isPresent() {
        return next != null;
    }

    boolean isFree() {
        return next == null && !spoiled;
    }

    /** Whether commands were sent of a message that does not come any more. */
    boolean isSpoiled() {
        return spoiled;
    }

    boolean is(Transaction candidate) {
        return candidate == next;
    }

    boolean carries(Transfer candidate) {
        return next != null && next.transfer() == candidate;
    }

    void begin(Transfer transfer) {
        try {
            Transaction behind = new Transaction(connection, transfer);
            next = behind;
            if (connection.extensions().chunking()) {
                // RFC 3030 section 4.2: if BDAT is refused, the state is not known but after RSET.
                connection.markDirty();
            }
            behind.start();
        } catch (RuntimeException e) {
            LOG.error("{}: internal error", connection, e);
            next = null;
            transfer.carrier(null);
            transfer.giveUp(Outcome.Scope.MESSAGE, new Reply("4.3.0", "internal error: " + e));
        }
    }

    /** Its turn has come, or it is over. */
    @Nullable
    Transaction take() {
        Transaction taken = next;
        next = null;
        return taken;
    }

    /** Lets it go another way. */
    void handOn() {
        Transaction behind = withdraw();
        if (behind != null) {
            behind.release();
            owner.again(behind.transfer());
        }
    }

    /** Hands it back. */
    void drop() {
        Transaction behind = withdraw();
        if (behind != null) {
            behind.drop();
        }
    }

    private @Nullable Transaction withdraw() {
        Transaction behind = take();
        if (behind != null) {
            spoiled |= behind.hasBegun();
            behind.transfer().carrier(null);
        }
        return behind;
    }
}
