package io.spooler.shell;

import io.spooler.Content;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.MessageStore;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.StoreMaintenance.Compaction;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Looks after the stores: checks them, gives space back, takes out messages and what was damaged. Stores come and go
 * meanwhile. Any thread; blocks for the disk.
 */
@Component(
        service = StoreCommands.class,
        immediate = true,
        property = {"osgi.command.scope=spooler", "osgi.command.function=store"})
public final class StoreCommands {

    private static final String USAGE = "check [STORE] | compact [STORE] | export ID FILE | quarantine [list]"
            + " | quarantine export NAME FILE | quarantine drop NAME";

    private final Stores stores = new Stores();
    private final Path base;

    /** Commands that write files below the working directory of the instance. */
    @Activate
    public StoreCommands() {
        this(Path.of(""));
    }

    /**
     * Commands that write files elsewhere.
     *
     * @param base where relative paths begin
     */
    StoreCommands(Path base) {
        this.base = base;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "remove")
    void add(StoreMaintenance store, Map<String, ?> properties) {
        Object name = properties.get(MessageStore.NAME);
        stores.add(name == null ? "unnamed" : name.toString(), store);
    }

    void remove(StoreMaintenance store) {
        stores.remove(store);
    }

    @Descriptor("looks after the stores: check reads everything and changes nothing; compact gives space back; export"
            + " writes a message into a file; quarantine shows what was damaged, writes it into a file, or drops it")
    public String store(
            CommandSession session,
            @Descriptor("print JSON: check, quarantine list")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json,
            @Descriptor("only this store, where several hold the same name: quarantine")
                    @Parameter(
                            names = {"-s", "--store"},
                            absentValue = "")
                    String store,
            @Descriptor(USAGE + "; FILE must not exist, and is relative to the directory of the instance")
                    String... words)
            throws SpoolException, IOException {
        List<String> all = List.of(words);
        Words given = new Words(all);
        if (given.are("check", 0, 1)) {
            return check(session, given.last("check", store), json);
        }
        if (given.are("compact", 0, 1)) {
            return compact(given.last("compact", store));
        }
        if (given.are("export", 2, 2)) {
            return export(all.get(1), all.get(2), store);
        }
        if (given.are("quarantine", 0, 0) || all.equals(List.of("quarantine", "list"))) {
            return Quarantines.list(stores.chosen(store), json);
        }
        if (given.are("quarantine", 2, 3)) {
            return quarantine(all.subList(1, all.size()), store);
        }
        throw usage();
    }

    private static IllegalArgumentException usage() {
        return new IllegalArgumentException("usage: store " + USAGE);
    }

    private String quarantine(List<String> words, String store) throws IOException {
        if (words.get(0).equals("export") && words.size() == 3) {
            return write(Quarantines.content(stores.chosen(store), words.get(1)), words.get(2));
        }
        if (words.get(0).equals("drop") && words.size() == 2) {
            return Quarantines.drop(stores.chosen(store), words.get(1));
        }
        throw usage();
    }

    private String check(CommandSession session, String store, boolean json) throws SpoolException {
        Map<String, StoreCheck> found = new LinkedHashMap<>();
        for (Map.Entry<String, StoreMaintenance> one : stores.chosen(store).entrySet()) {
            found.put(one.getKey(), one.getValue().check(progress()));
        }
        // An error has no result: what was found must be printed before.
        out(session).println(json ? CheckView.json(found) : CheckView.text(found));
        String bad = CheckView.summary(found);
        if (!bad.isEmpty()) {
            throw new IllegalStateException(bad);
        }
        return json ? "" : "All is well.";
    }

    private static PrintStream out(CommandSession session) {
        // The session's console is the end of a pipe; a command in its middle writes to its process.
        Process process = Process.Utils.current();
        return process == null ? session.getConsole() : process.out();
    }

    private static Consumer<String> progress() {
        @Nullable Process process = Process.Utils.current();
        return process == null ? text -> {} : new Ticker(process.err(), System::nanoTime);
    }

    private String compact(String store) throws SpoolException, IOException {
        Table table = new Table("STORE", "SEGMENTS GONE", "OCTETS BEFORE", "AFTER", "BECAUSE");
        for (Map.Entry<String, StoreMaintenance> one : stores.chosen(store).entrySet()) {
            Compaction done = one.getValue().compact(progress());
            table.row(one.getKey(), done.pieces(), done.before(), done.after(), done.text());
        }
        return table.toString();
    }

    private String export(String id, String file, String store) throws SpoolException, IOException {
        SpoolId parsed = Texts.id(id);
        SpoolException stopped = null;
        for (StoreMaintenance one : stores.chosen(store).values()) {
            try {
                Optional<Content> content = one.content(parsed);
                if (content.isPresent()) {
                    return write(content.get(), file);
                }
            } catch (SpoolException e) {
                stopped = e;
            }
        }
        if (stopped != null) {
            throw stopped;
        }
        throw new IllegalArgumentException(
                "no message in the queue or in a mailbox has the id " + parsed + "; a finished one has no content");
    }

    private String write(Content content, String file) throws IOException {
        Path target = base.resolve(file).toAbsolutePath().normalize();
        Export.write(content, target);
        return Texts.count(content.size(), "octet") + " written to " + Reply.clean(target.toString());
    }
}
