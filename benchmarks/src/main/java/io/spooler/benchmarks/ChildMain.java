package io.spooler.benchmarks;

import io.spooler.store.Claim;
import io.spooler.store.file.FileStore;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that uses a store and ends. Its figures are lines of a name and a number.
 *
 * <pre>
 *  fill END DIR MESSAGES SIZE [KEY=VALUE ...]   submits
 *  open END DIR [KEY=VALUE ...]                 opens, and claims one message
 * </pre>
 *
 * END is {@code clean}: the store is closed, or {@code halt}: the process stops at once, {@code fill} with all its writers
 * at work.
 */
public final class ChildMain {

    private static final int SETTINGS_OF_FILL = 5;
    private static final int SETTINGS_OF_OPEN = 3;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
    private final boolean halts;
    private final Path directory;

    private ChildMain(String end, String directory) {
        this.halts = end.equals("halt");
        this.directory = Path.of(directory);
    }

    /**
     * Does one thing.
     *
     * @param arguments as above
     * @throws Exception if it fails
     */
    public static void main(String[] arguments) throws Exception {
        Thread watch = new Thread(ChildMain::endWithTheParent, "parent");
        watch.setDaemon(true);
        watch.start();
        List<String> words = List.of(arguments);
        ChildMain child = new ChildMain(words.get(1), words.get(2));
        if (words.get(0).equals("fill")) {
            Mail mail = Mail.of(Integer.parseInt(words.get(4)));
            child.fill(mail, Long.parseLong(words.get(3)), settings(words, SETTINGS_OF_FILL));
        } else {
            child.open(settings(words, SETTINGS_OF_OPEN));
        }
    }

    /** Our input ends when the parent does, however that was: nobody else would end us. */
    private static void endWithTheParent() {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
            while (in.read() >= 0) {
                // It says nothing.
            }
        } catch (IOException e) {
            // As good as an end.
        }
        Runtime.getRuntime().halt(1);
    }

    private static Map<String, String> settings(List<String> words, int from) {
        Map<String, String> settings = new HashMap<>();
        for (String word : words.subList(from, words.size())) {
            int equals = word.indexOf('=');
            settings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return settings;
    }

    private void fill(Mail mail, long messages, Map<String, String> settings) throws Exception {
        try (FileStore store = Stores.open(directory, settings, new CountingDisk())) {
            long before = Machine.heap();
            if (halts) {
                fillAndHalt(store, mail, messages);
            }
            tell("per_second", Filling.fill(store, mail, messages).perSecond());
            tell("heap_each", (double) (Machine.heap() - before) / messages);
            tellMemory();
        }
    }

    private static void fillAndHalt(FileStore store, Mail mail, long messages) throws Exception {
        AtomicLong accepted = new AtomicLong();
        Crew.run(Filling.WRITERS, Long.MAX_VALUE, Long.MAX_VALUE, () -> {
            mail.submit(store);
            if (accepted.incrementAndGet() == messages) {
                Runtime.getRuntime().halt(0);
            }
        });
    }

    private void open(Map<String, String> settings) throws Exception {
        long before = System.nanoTime();
        FileStore store = Stores.open(directory, settings, new CountingDisk());
        long opened = System.nanoTime();
        List<Claim> claims = store.claim(1, Instant.now(), Filling.LEASE);
        long claimed = System.nanoTime();
        if (claims.isEmpty()) {
            throw new IllegalStateException("nothing was due in " + directory);
        }
        tell("opened", (opened - before) / 1e9);
        tell("claimed", (claimed - before) / 1e9);
        tell("messages", store.status().messages());
        tell("heap", Machine.heap());
        tellMemory();
        if (halts) {
            Runtime.getRuntime().halt(0);
        }
        store.close();
    }

    private void tellMemory() throws IOException {
        tell("resident", Machine.resident("VmRSS"));
        tell("peak", Machine.resident("VmHWM"));
    }

    private void tell(String name, Number figure) {
        out.println(name + " " + figure);
    }
}
