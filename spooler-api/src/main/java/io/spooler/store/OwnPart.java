package io.spooler.store;

import io.spooler.Envelope;
import io.spooler.Reply;
import io.spooler.SpoolId;
import java.util.BitSet;
import java.util.List;

/**
 * What a {@link CoupledStore} serves of a message by itself.
 *
 * @param transport name of the transport in whose place it does so
 * @param placements where copies go; at least one, at most {@link #MOST}
 * @param completion true if the message is to go through the queue although nobody is left to be served
 */
public record OwnPart(String transport, List<Placement> placements, boolean completion) {

    /** The most copies that are made in one commit. */
    public static final int MOST = 100;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no placement, or too many of them
     */
    public OwnPart {
        placements = List.copyOf(placements);
        if (placements.isEmpty() || placements.size() > MOST) {
            throw new IllegalArgumentException("a store serves 1 to " + MOST + " copies at once");
        }
    }

    /**
     * Checks that the recipients are there.
     *
     * @param envelope of the message
     * @throws IllegalArgumentException if one is not, or is named twice
     */
    public void check(Envelope envelope) {
        BitSet seen = new BitSet();
        for (Placement placement : placements) {
            for (int number : placement.recipients()) {
                if (number < 0 || number >= envelope.recipients().size() || seen.get(number)) {
                    throw new IllegalArgumentException("recipient " + number + " does not exist or is named twice");
                }
                seen.set(number);
            }
        }
    }

    /**
     * One copy.
     *
     * @param recipients numbers of those who share it; at least one
     * @param filing where it goes
     */
    public record Placement(List<Integer> recipients, Folders.Filing filing) {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Placement {
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty()) {
                throw new IllegalArgumentException("a copy is for at least one recipient");
            }
        }

        /**
         * What the ledger says of its recipients.
         *
         * @param copy id of the filed message
         * @return the reply
         */
        public Reply reply(SpoolId copy) {
            return new Reply("2.0.0", "filed in mailbox " + filing.mailbox() + " as " + copy);
        }
    }
}
