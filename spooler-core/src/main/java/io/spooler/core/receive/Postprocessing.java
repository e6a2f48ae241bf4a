package io.spooler.core.receive;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.registry.HookEntry;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import io.spooler.transport.Inlet;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The postprocessors over one message, in order (R25): cancel runs no further one, nor the choice of a folder by class;
 * delete removes; the last one to name a target wins. One that throws leaves the message safe in quarantine. Blocks: one
 * worker runs it.
 */
final class Postprocessing {

    private static final Logger LOG = LoggerFactory.getLogger(Postprocessing.class);
    private static final int MOST_REASON = 300;

    private final Inlet.Arrival arrival;
    private final List<HookEntry<PostProcessor>> hooks;
    private final ReceiveSettings settings;
    private final Filing inbox;
    private volatile String running = "";

    /**
     * What to do with a message.
     *
     * @param target where it goes
     * @param removed the hook that removed it, or empty
     */
    record Result(Filing target, String removed) {}

    /**
     * Over a message that begins.
     *
     * @param arrival what is known
     * @param present the hooks as they are now
     * @param settings as they are now
     * @throws SpoolException NOT_FOUND: there can be no such mailbox
     */
    Postprocessing(Inlet.Arrival arrival, List<HookEntry<PostProcessor>> present, ReceiveSettings settings)
            throws SpoolException {
        this.arrival = arrival;
        this.settings = settings;
        this.hooks = present.stream()
                .filter(hook -> hook.transports().isEmpty() || hook.transports().contains(arrival.transport()))
                .toList();
        try {
            String folder = arrival.folder().isEmpty() ? Mailboxes.INBOX : arrival.folder();
            this.inbox =
                    new Filing(arrival.mailbox(), folder, arrival.messageClass(), arrival.sender(), arrival.flags());
        } catch (IllegalArgumentException e) {
            throw new SpoolException(SpoolException.Reason.NOT_FOUND, String.valueOf(e.getMessage()), e);
        }
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    Duration limit() {
        return settings.hookTimeout();
    }

    /** Without hooks. */
    Result byClass() {
        return new Result(byClass(inbox), "");
    }

    Result run(SpoolId id, Content content) {
        Filing target = inbox;
        String removed = "";
        boolean cancelled = false;
        try {
            for (int i = 0; i < hooks.size() && !cancelled; i++) {
                running = hooks.get(i).name();
                Verdict verdict =
                        hooks.get(i).hook().process(new IncomingMessage(id, arrival.transport(), target, content));
                target = verdict.target() == null ? target : verdict.target();
                removed = verdict.delete() && removed.isEmpty() ? running : removed;
                cancelled = verdict.cancel();
            }
            return new Result(cancelled ? target : byClass(target), removed);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            LOG.error("the postprocessor {} failed; a message for {} goes to quarantine", running, inbox.mailbox(), e);
            return quarantine("hook " + running + " failed: " + e);
        }
    }

    /** Only where no hook has named a folder. */
    private Filing byClass(Filing target) {
        return target.folder().equals(Mailboxes.INBOX)
                ? in(settings.folders().of(target.messageClass()), target.mailbox(), target, target.flags())
                : target;
    }

    private static Filing in(String folder, String mailbox, Filing filing, Set<String> flags) {
        return new Filing(mailbox, folder, filing.messageClass(), filing.sender(), flags);
    }

    /** The hooks have not come back. */
    Result overrun() {
        LOG.error("the postprocessor {} takes longer than {}; a message goes to quarantine", running, limit());
        String who = running.isEmpty() ? "hooks of other messages" : "hook " + running;
        return quarantine(who + " took longer than " + limit().toSeconds() + " s");
    }

    /** In the mailbox that it came for, with the reason as a flag: the content stays as it is. */
    Result quarantine(String text) {
        String clean = Reply.clean(text);
        String reason = clean.substring(0, Math.min(MOST_REASON, clean.length()));
        Set<String> flags = new HashSet<>(inbox.flags());
        flags.add(Mailboxes.REASON + reason);
        return new Result(in(Mailboxes.QUARANTINE, inbox.mailbox(), inbox, flags), "");
    }
}
