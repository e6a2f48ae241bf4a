package io.spooler.shell;

import io.spooler.Fate;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts the messages of mailboxes in order. No state, any thread; blocks for the disk. */
@Component(
        service = MailboxCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=folders",
            "osgi.command.function=mark",
            "osgi.command.function=move",
            "osgi.command.function=delete",
            "osgi.command.function=fate"
        })
public final class MailboxCommands {

    private static final String ID = "id of the message in its mailbox, see: inbox";
    private static final List<String> SYSTEM = List.of("Seen", "Answered", "Flagged", "Deleted", "Draft");

    private final Mailboxes mailboxes;

    /**
     * Commands over a service.
     *
     * @param mailboxes what has arrived
     */
    @Activate
    public MailboxCommands(@Reference Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Descriptor("lists the folders of all mailboxes, or of some, and how many messages are in them")
    public String folders(@Descriptor("names of mailboxes; none for all") String... mailbox) {
        Table table = new Table("MAILBOX", "FOLDER", "MESSAGES");
        boolean found = false;
        for (String name : mailbox.length == 0 ? mailboxes.mailboxes() : List.of(mailbox)) {
            for (var folder : mailboxes.folders(name).entrySet()) {
                table.row(name, folder.getKey(), folder.getValue());
                found = true;
            }
        }
        return found ? table.toString() : "No folders.";
    }

    @Descriptor("sets flags of a message; the others stay")
    public String mark(
            @Descriptor("take them off instead")
                    @Parameter(
                            names = {"-o", "--off"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean off,
            @Descriptor(ID) String id,
            @Descriptor("seen, answered, flagged, deleted, draft, or any word") String... flags)
            throws SpoolException {
        if (flags.length == 0) {
            throw new IllegalArgumentException("which flags? seen, answered, flagged, deleted, draft, or any word");
        }
        SpoolId message = Texts.id(id);
        Set<String> all = new TreeSet<>(
                mailboxes.entry(message).orElseThrow(() -> Texts.unknown(id)).flags());
        for (String flag : flags) {
            if (off) {
                all.remove(flag(flag));
            } else {
                all.add(flag(flag));
            }
        }
        check(mailboxes.mark(message, all), id);
        return Reply.clean(all.isEmpty() ? "No flags." : "Flags: " + String.join(", ", all));
    }

    private static String flag(String word) {
        return SYSTEM.stream()
                .filter(name -> name.equals(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)))
                .findFirst()
                .map(name -> "\\" + name)
                .orElse(word);
    }

    private static void check(boolean found, String id) {
        if (!found) {
            throw Texts.unknown(id);
        }
    }

    @Descriptor("moves a message to another folder of its mailbox, which is made if it is missing")
    public String move(@Descriptor(ID) String id, @Descriptor("name of the folder") String folder)
            throws SpoolException {
        check(mailboxes.move(Texts.id(id), folder), id);
        return "Moved to " + Reply.clean(folder) + ".";
    }

    @Descriptor("deletes a message of a mailbox for good")
    public String delete(@Descriptor(ID) String id) throws SpoolException {
        check(mailboxes.delete(Texts.id(id)), id);
        return "Deleted.";
    }

    @Descriptor("says what became of a message that came in: filed, removed by a hook, or put into quarantine, and why")
    public String fate(@Descriptor("its id, as the log names it") String id) {
        Fate fate = mailboxes.fate(Texts.id(id)).orElseThrow(() -> Texts.unknown(id));
        String place = fate.folder().isEmpty() ? fate.mailbox() : fate.mailbox() + "/" + fate.folder();
        return new Table("WHEN", "FATE", "WHERE", "WHY")
                .row(Texts.time(fate.time()), fate.kind(), place, fate.reason())
                .toString();
    }
}
