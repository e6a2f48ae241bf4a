package io.spooler.shell;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.Recipient.Alternative;
import io.spooler.SentCopy;
import io.spooler.SpoolException;
import io.spooler.Spooler;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sends a small message, reads mailboxes. No state, any thread; blocks for the disk. */
@Component(
        service = MailCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=send",
            "osgi.command.function=resend",
            "osgi.command.function=inbox",
            "osgi.command.function=cat"
        })
public final class MailCommands {

    private static final int PAGE = 1000;

    private final Spooler spooler;
    private final Mailboxes mailboxes;

    /**
     * Commands over services.
     *
     * @param spooler takes what is sent
     * @param mailboxes what has arrived
     */
    @Activate
    public MailCommands(@Reference Spooler spooler, @Reference Mailboxes mailboxes) {
        this.spooler = spooler;
        this.mailboxes = mailboxes;
    }

    @Descriptor("sends a small message and prints its id; reports go to the variable SENDER, or unknown@ this machine")
    public String send(
            CommandSession session,
            @Descriptor("keep a copy, in MAILBOX/FOLDER")
                    @Parameter(
                            names = {"-k", "--keep"},
                            absentValue = "")
                    String keep,
            @Descriptor("addresses that are tried instead if it fails, in this order, separated by commas")
                    @Parameter(
                            names = {"--or"},
                            absentValue = "")
                    String or,
            @Descriptor("so long after the one before, an alternative is tried at the latest, for example 10m")
                    @Parameter(
                            names = {"--after"},
                            absentValue = "")
                    String after,
            @Descriptor("TYPE:value, or a mail address; a name in front perhaps; LIST:name for a list") String address,
            @Descriptor("the text, several words perhaps") String... text)
            throws SpoolException, SettingsException {
        Address to = Address.resolve(address);
        Recipient recipient = Recipient.of(to).withAlternatives(alternatives(or, after));
        byte[] content =
                Note.compose(to, String.join(" ", text), System.getProperty("user.name", ""), Clock.systemUTC());
        SentCopy copy = copy(keep);
        Envelope.Options options = copy == null ? Envelope.Options.DEFAULT : Envelope.Options.DEFAULT.withSent(copy);
        Envelope envelope = new Envelope(Identity.of(session), List.of(recipient), options);
        return spooler.submit(envelope, target -> target.write(content)).toString();
    }

    private static List<Alternative> alternatives(String or, String after) throws SettingsException {
        Settings settings = Settings.of("send", Map.of("after", after));
        Duration each = settings.duration("after", Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(365));
        settings.check();
        List<Alternative> all = new ArrayList<>();
        for (String address : or.isBlank() ? new String[0] : or.split(",")) {
            Duration time = each.multipliedBy(all.size() + 1L);
            all.add(new Alternative(Address.resolve(address), time.isZero() ? null : time));
        }
        return all;
    }

    private static @Nullable SentCopy copy(String keep) {
        int slash = keep.indexOf('/');
        if (slash < 0 && !keep.isEmpty()) {
            throw new IllegalArgumentException("--keep must be MAILBOX/FOLDER");
        }
        return keep.isEmpty() ? null : SentCopy.in(keep.substring(0, slash), keep.substring(slash + 1));
    }

    @Descriptor("sends a message again to those who did not get it, and prints the new id")
    public String resend(@Descriptor("id of the message, or of the sender's copy") String id) throws SpoolException {
        return spooler.resend(Texts.id(id)).toString();
    }

    @Descriptor("lists the messages of a folder, oldest first")
    public String inbox(
            @Descriptor("print only the number of messages")
                    @Parameter(
                            names = {"-c", "--count"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean count,
            @Descriptor("print JSON")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json,
            @Descriptor("another folder than INBOX")
                    @Parameter(
                            names = {"-f", "--folder"},
                            absentValue = Mailboxes.INBOX)
                    String folder,
            @Descriptor("name of the mailbox") String mailbox)
            throws IOException {
        List<Mailboxes.Entry> entries = entries(mailbox, folder);
        if (count) {
            return Integer.toString(entries.size());
        }
        Inbox inbox = new Inbox(mailboxes);
        return json ? Json.write(inbox.json(entries)) : inbox.text(entries);
    }

    private List<Mailboxes.Entry> entries(String mailbox, String folder) {
        List<Mailboxes.Entry> all = new ArrayList<>();
        List<Mailboxes.Entry> page;
        do {
            long after = all.isEmpty() ? -1 : all.get(all.size() - 1).sequence();
            page = mailboxes.list(mailbox, folder, after, PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    @Descriptor("prints a message of a mailbox; control characters are shown, not sent to the terminal")
    public void cat(CommandSession session, @Descriptor("id of the message in its mailbox, see: inbox") String id)
            throws IOException {
        Content content = mailboxes.content(Texts.id(id)).orElseThrow(() -> Texts.unknown(id));
        // The session's console is the end of a pipe; a command in its middle writes to its process.
        Process process = Process.Utils.current();
        PrintStream out = process == null ? session.getConsole() : process.out();
        Harmless.print(content.open(), out);
    }
}
