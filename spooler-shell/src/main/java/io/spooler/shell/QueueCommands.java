package io.spooler.shell;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.admin.Filter;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Looks at the queue and at single messages. No state, any thread. */
@Component(
        service = QueueCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=queue",
            "osgi.command.function=show",
            "osgi.command.function=why"
        })
public final class QueueCommands {

    private static final int PAGE = 1000;

    private final SpoolAdmin admin;
    private final Spooler spooler;

    /**
     * Commands over services.
     *
     * @param admin the administration
     * @param spooler the client's door
     */
    @Activate
    public QueueCommands(@Reference SpoolAdmin admin, @Reference Spooler spooler) {
        this.admin = admin;
        this.spooler = spooler;
    }

    @Descriptor("lists the queue, oldest message first")
    public String queue(
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
            @Descriptor("only messages with a recipient in this state")
                    @Parameter(
                            names = {"-s", "--state"},
                            absentValue = "")
                    String state,
            @Descriptor("at most so many messages")
                    @Parameter(
                            names = {"-n", "--limit"},
                            absentValue = "100")
                    int limit,
            @Descriptor("only messages with such a recipient: from: to: domain: type: transport: state: id:"
                            + " 'age>2h' 'size>10k' 'attempts>3'; - in front for not, * for anything, a comma for or")
                    String... terms) {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit must be 1 or more");
        }
        Filter filter = filter(state, terms);
        if (count) {
            return Long.toString(filter.equals(Filter.ALL) ? size(admin.status()) : count(filter));
        }
        List<MessageStatus> found = admin.query(filter, null, limit);
        if (json) {
            return Json.write(found.stream().map(Ledger::json).toList());
        }
        String more = found.size() < limit ? "" : "\nThere may be more: --limit N shows more, --count counts.";
        return found.isEmpty() ? "No messages." : Ledger.list(found) + more;
    }

    private static Filter filter(String state, String... words) {
        List<Filter.Term> terms = new ArrayList<>(Texts.filter(words).terms());
        if (!state.isEmpty()) {
            terms.add(new Filter.Term(false, new Filter.States(Set.of(state(state)))));
        }
        return new Filter(terms);
    }

    private static RecipientState state(String name) {
        Set<RecipientState> all = EnumSet.allOf(RecipientState.class);
        return all.stream()
                .filter(s -> s.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--state must be one of " + all));
    }

    private static long size(SpoolStatus status) {
        return status.stores().stream()
                .mapToLong(row -> row.status().messages())
                .sum();
    }

    private long count(Filter filter) {
        long count = 0;
        @Nullable SpoolId after = null;
        List<MessageStatus> page;
        do {
            page = admin.query(filter, after, PAGE);
            count += page.size();
            after = page.isEmpty() ? after : page.get(page.size() - 1).id();
        } while (page.size() == PAGE);
        return count;
    }

    @Descriptor("shows what became of each recipient of a message")
    public String show(
            @Descriptor("print JSON")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json,
            @Descriptor("id of the message") String id) {
        MessageStatus status = spooler.find(Texts.id(id)).orElseThrow(() -> Texts.unknown(id));
        return json ? Json.write(Ledger.json(status)) : Ledger.text(status);
    }

    @Descriptor("says why a message is where it is, and what comes next")
    public String why(@Descriptor("id of the message") String id) {
        Table table = new Table("RECIPIENT", "WHY");
        admin.why(Texts.id(id))
                .orElseThrow(() -> Texts.unknown(id))
                .forEach(reason -> table.row(reason.recipient(), reason.text()));
        return table.toString();
    }
}
