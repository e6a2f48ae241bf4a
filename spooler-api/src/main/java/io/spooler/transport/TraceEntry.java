package io.spooler.transport;

import io.spooler.Reply;
import java.time.Instant;

/**
 * One line of a conversation that is watched.
 *
 * @param time when it was said, by the clock of the transport
 * @param lane whose conversation it is, as {@link TransportProvider#lane} names it
 * @param session tells apart conversations that go on at the same time
 * @param text what was said and by whom, without secrets and without content; made harmless here
 */
public record TraceEntry(Instant time, String lane, String session, String text) {

    /** Makes untrusted text harmless. */
    public TraceEntry {
        lane = Reply.clean(lane);
        session = Reply.clean(session);
        text = Reply.clean(text);
    }
}
