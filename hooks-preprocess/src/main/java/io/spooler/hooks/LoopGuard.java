package io.spooler.hooks;

import io.spooler.Mailboxes;
import io.spooler.hook.HookProperties;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Puts a message that runs in circles into quarantine, and ends the work of hooks on it, so that no rule sends it round
 * again: one with more than a hundred Received fields (RFC 5321 section 6.3), or one that was forwarded from this very
 * mailbox before. Any thread; blocks for the disk.
 */
@Component(
        service = PostProcessor.class,
        immediate = true,
        property = {HookProperties.NAME + "=" + LoopGuard.NAME, "service.ranking:Integer=200"})
public final class LoopGuard implements PostProcessor {

    static final String NAME = "loops";

    private static final int MOST_HOPS = 100;

    private final String host;

    /** Asks the system for the name of this host, once. */
    @Activate
    public LoopGuard() {
        this(HostName.local());
    }

    LoopGuard(String host) {
        this.host = host;
    }

    @Override
    public Verdict process(IncomingMessage message) throws IOException {
        MailHeader header = MailHeader.read(message.content());
        List<String> delivered = header.all(Forward.DELIVERED);
        if (header.all("Received").size() > MOST_HOPS) {
            return quarantine(message.target(), "it has more than " + MOST_HOPS + " Received fields: a loop");
        }
        if (delivered.contains(Forward.mark(message.target().mailbox(), host))) {
            return quarantine(message.target(), "it was forwarded from this mailbox before: a loop");
        }
        return Verdict.CONTINUE;
    }

    private static Verdict quarantine(Filing target, String reason) {
        Set<String> flags = new HashSet<>(target.flags());
        flags.add(Mailboxes.REASON + reason);
        Filing away = new Filing(target.mailbox(), Mailboxes.QUARANTINE, target.messageClass(), target.sender(), flags);
        return new Verdict(away, false, true);
    }
}
