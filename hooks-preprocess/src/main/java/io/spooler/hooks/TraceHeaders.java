package io.spooler.hooks;

import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Puts a Received line, and a missing Message-ID and Date, in front of mail (RFC 5321 section 4.4, RFC 6409 section 8).
 * Runs only for messages with an SMTP or LOCAL recipient: what other systems carry need not be mail.
 *
 * <p>No state, any thread. Blocks for the disk, which gives 4 KiB as a rule and 100 KiB at most; of a longer header
 * nothing is known to be missing, and only the Received line is added.
 */
@Component(
        service = PreProcessor.class,
        immediate = true,
        property = {
            HookProperties.NAME + "=" + TraceHeaders.NAME,
            HookProperties.TYPES + "=SMTP",
            HookProperties.TYPES + "=LOCAL"
        })
public final class TraceHeaders implements PreProcessor {

    static final String NAME = "trace-headers";

    private final TraceLines lines;

    /** Asks the system for the name of this host, once. */
    @Activate
    public TraceHeaders() {
        this(HostName.local());
    }

    /**
     * For a given host name.
     *
     * @param host how this host is called
     */
    TraceHeaders(String host) {
        this.lines = new TraceLines(HostName.checked(host));
    }

    @Override
    public Decision process(OutgoingMessage message) throws IOException {
        HeaderFacts facts = HeaderFacts.read(message.content(), message.id().toString());
        String missing = lines.missing(message, facts);
        return missing.isEmpty() ? Decision.CONTINUE : Decision.Change.prepend(missing);
    }
}
