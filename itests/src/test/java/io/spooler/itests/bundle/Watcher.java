package io.spooler.itests.bundle;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * A client that watches: an event is its bell, and what it has seen it writes into a file, one line each: sequence, id, mailbox.
 * The last whole line is all that it knows when it begins anew. A file beside it is there while it watches.
 */
public final class Watcher implements BundleActivator, SpoolListener, ServiceTrackerCustomizer<Mailboxes, Mailboxes> {

    /** What was seen. */
    public static final Path SEEN = Path.of("data/seen");

    /** Is there while it watches. */
    public static final Path WATCHING = Path.of("data/watching");

    private static final int PAGE = 100;

    private BundleContext context;
    private ServiceTracker<Mailboxes, Mailboxes> tracker;
    private long last;

    @Override
    public void start(BundleContext started) throws IOException {
        context = started;
        recall();
        tracker = new ServiceTracker<>(context, Mailboxes.class, this);
        tracker.open();
        context.registerService(
                SpoolListener.class, this, FrameworkUtil.asDictionary(Map.of(SpoolListener.EVENTS, "Arrived")));
        look(tracker.getService()); // What came before the bell was there.
        Files.writeString(WATCHING, "");
    }

    @Override
    public void stop(BundleContext stopped) throws IOException {
        tracker.close();
        Files.delete(WATCHING);
    }

    /** A kill may have left half a line. */
    private void recall() throws IOException {
        String text = Files.exists(SEEN) ? Files.readString(SEEN, StandardCharsets.US_ASCII) : "";
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        Files.writeString(SEEN, whole, StandardCharsets.US_ASCII);
        List<String> lines = whole.lines().toList();
        last = lines.isEmpty() ? 0 : Long.parseLong(lines.get(lines.size() - 1).split(" ", 2)[0]);
    }

    @Override
    public Mailboxes addingService(ServiceReference<Mailboxes> reference) {
        Mailboxes mailboxes = context.getService(reference);
        look(mailboxes);
        return mailboxes;
    }

    @Override
    public void modifiedService(ServiceReference<Mailboxes> reference, Mailboxes mailboxes) {}

    @Override
    public void removedService(ServiceReference<Mailboxes> reference, Mailboxes mailboxes) {
        context.ungetService(reference);
    }

    @Override
    public void onEvent(SpoolEvent event) {
        look(tracker.getService());
    }

    private synchronized void look(Mailboxes mailboxes) {
        List<Mailboxes.Entry> page = mailboxes == null ? List.of() : mailboxes.since(last, PAGE);
        while (!page.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            for (Mailboxes.Entry entry : page) {
                lines.append(entry.sequence()).append(' ').append(entry.id()).append(' ');
                lines.append(entry.mailbox()).append('\n');
                last = entry.sequence();
            }
            write(lines.toString());
            page = mailboxes.since(last, PAGE);
        }
    }

    private static void write(String lines) {
        try {
            Files.writeString(SEEN, lines, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
