package io.spooler.testkit;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.transport.Consignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A consignment made by hand. The {@code with} and {@code to} methods change it and return it; use them before it is
 * handed over. {@link #cancel()} may be called from any thread.
 */
public final class TestConsignment implements Consignment {

    private static final Duration TIME = Duration.ofSeconds(60);

    private final SpoolId id = SpoolId.next(Instant.now(), ThreadLocalRandom.current());
    private final Content content;
    private final List<Recipient> recipients = new ArrayList<>();
    private final List<Recipient> others = new ArrayList<>();
    private @Nullable Address sender = Address.smtp("sender@example.org");
    private Envelope.Options options = Envelope.Options.DEFAULT;
    private Instant deadline = Instant.now().plus(TIME);
    private boolean duplicate;

    /** Guards the two fields below; no foreign code is called while it is held. */
    private final Object lock = new Object();

    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;
    private volatile @Nullable String server;

    private TestConsignment(Content content) {
        this.content = content;
    }

    /**
     * A consignment of some text, without recipients yet, with 60 seconds of time.
     *
     * @param text the content, sent as UTF-8
     * @return a new consignment
     */
    public static TestConsignment of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A consignment of bytes.
     *
     * @param bytes the content; not copied
     * @return a new consignment
     */
    public static TestConsignment of(byte[] bytes) {
        return new TestConsignment(new Bytes(bytes));
    }

    /**
     * A consignment of any content, such as one that fails while it is read.
     *
     * @param content what to carry
     * @return a new consignment
     */
    public static TestConsignment of(Content content) {
        return new TestConsignment(content);
    }

    /**
     * Adds recipients.
     *
     * @param mailboxes Internet mail addresses
     * @return this
     */
    public TestConsignment to(String... mailboxes) {
        for (String mailbox : mailboxes) {
            recipients.add(Recipient.of(Address.smtp(mailbox)));
        }
        return this;
    }

    /**
     * Adds a recipient.
     *
     * @param recipient with its options
     * @return this
     */
    public TestConsignment to(Recipient recipient) {
        recipients.add(recipient);
        return this;
    }

    /**
     * Adds recipients that are served elsewhere.
     *
     * @param mailboxes Internet mail addresses
     * @return this
     */
    public TestConsignment beside(String... mailboxes) {
        for (String mailbox : mailboxes) {
            others.add(Recipient.of(Address.smtp(mailbox)));
        }
        return this;
    }

    /**
     * Sets the sender.
     *
     * @param mailbox an Internet mail address, or null for the null reverse path
     * @return this
     */
    public TestConsignment from(@Nullable String mailbox) {
        sender = mailbox == null ? null : Address.smtp(mailbox);
        return this;
    }

    /**
     * Sets the options.
     *
     * @param wanted what the sender asked for
     * @return this
     */
    public TestConsignment with(Envelope.Options wanted) {
        options = wanted;
        return this;
    }

    /**
     * Sets the deadline.
     *
     * @param time from now
     * @return this
     */
    public TestConsignment within(Duration time) {
        deadline = Instant.now().plus(time);
        return this;
    }

    /**
     * Says that an earlier attempt may have succeeded.
     *
     * @return this
     */
    public TestConsignment again() {
        duplicate = true;
        return this;
    }

    /** Cancels: runs what was registered, on this thread. A second call does nothing. */
    public void cancel() {
        List<Runnable> due;
        synchronized (lock) {
            cancelled = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    @Override
    public SpoolId id() {
        return id;
    }

    @Override
    public @Nullable Address sender() {
        return sender;
    }

    @Override
    public Envelope.Options options() {
        return options;
    }

    @Override
    public List<Recipient> recipients() {
        return List.copyOf(recipients);
    }

    @Override
    public List<Recipient> everybody() {
        List<Recipient> all = new ArrayList<>(recipients);
        all.addAll(others);
        return List.copyOf(all);
    }

    @Override
    public Content content() {
        return content;
    }

    @Override
    public boolean mayBeDuplicate() {
        return duplicate;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void servedBy(String host) {
        server = host;
    }

    /**
     * What the transport named as the remote system.
     *
     * @return its name, or null
     */
    public @Nullable String server() {
        return server;
    }

    @Override
    public boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (lock) {
            if (!cancelled) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    private static final class Bytes implements Content {

        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            if (position >= bytes.length) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), bytes.length - position);
            target.put(bytes, (int) position, count);
            return count;
        }
    }
}
