package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.spooler.Reply;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the server: what it is doing is its {@link Phase}, one after the other: dial, handshake, idle,
 * transaction, idle …, quit. Lives on one event loop; {@link #carry}, {@link #cancel}, {@link #stop} and
 * {@link #abort} may be called from any thread and go there. Time limits are looked at four times a second.
 *
 * <p>Whatever fails ends the connection, and the phase of the moment answers for its message: nothing is left
 * unanswered.
 */
final class Connection {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Duration QUIT_TIME = Duration.ofSeconds(5);
    /** A server that takes longer over a message gets no other one behind it: nobody is to wait for minutes. */
    private static final long QUICK_NANOS = Duration.ofSeconds(2).toNanos();

    private final Site site;
    private final Owner owner;
    private final EventLoop loop;
    private final Link link;
    private final Patience patience = new Patience();
    private final Following following;
    private Phase phase = new Dialing(this);
    private @Nullable Transfer transfer;
    private Extensions extensions = Extensions.NONE;
    private boolean withoutTls;
    private boolean dirty;
    private boolean over;
    private boolean forever;
    private boolean quick;
    private int served;
    private long sent;

    /**
     * Not connecting yet.
     *
     * @param site where to, and how
     * @param owner hears of it
     * @param transfer to be carried first, or null
     */
    Connection(Site site, Owner owner, @Nullable Transfer transfer) {
        this(site, owner, transfer, site.loops().group().next());
    }

    /** On a given loop. */
    Connection(Site site, Owner owner, @Nullable Transfer transfer, EventLoop loop) {
        this.site = site;
        this.owner = owner;
        this.transfer = transfer;
        this.loop = loop;
        this.link = new Link(site, loop, this);
        this.following = new Following(this, owner);
        if (transfer != null) {
            transfer.carrier(this);
        }
    }

    /** Begins to connect. Any thread, once. */
    void open() {
        loop.execute(this::start);
    }

    private void start() {
        Transfer first = transfer;
        if (over) {
            return;
        }
        if (first != null && first.consignment().isCancelled()) {
            dropAll();
            return;
        }
        patience.start(loop, this::overdue);
        // The look-up and each address have their own limits below this one.
        expect(site.settings().connectTimeout().multipliedBy(2));
        link.find(this::found, this::notFound);
    }

    private void found() {
        if (!over) {
            dial();
        }
    }

    private void notFound(Unroutable why) {
        forever = why.isForever();
        end(why.reply());
    }

    private void dial() {
        expect(site.settings().connectTimeout().multipliedBy(2));
        link.dial(this::connected, this::end);
    }

    /** The link has a channel. */
    void connected() {
        if (over) {
            link.close();
            return;
        }
        Handshake handshake = new Handshake(this, site.settings(), withoutTls);
        phase = handshake;
        expectReply();
        handshake.start();
    }

    // ---- what phases use

    Site site() {
        return site;
    }

    String server() {
        return phase instanceof Dialing ? site.server() : link.endpoint().toString();
    }

    EventLoop loop() {
        return loop;
    }

    Extensions extensions() {
        return extensions;
    }

    /** How many transactions went over it. */
    int served() {
        return served;
    }

    /** Whether a transaction was left open, so that RSET must come before the next one. */
    boolean takeDirty() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    void markDirty() {
        dirty = true;
    }

    Link link() {
        return link;
    }

    Channel channel() {
        return link.channel();
    }

    /** Sends commands, in one write, and awaits a reply. */
    void send(ByteBuf commands) {
        expectReply();
        link.send(commands, null);
    }

    /** Sends one command. */
    void send(String command) {
        send(command, null);
    }

    /**
     * Sends one command.
     *
     * @param command the line
     * @param shown what those who watch see in its place, because it is a secret; else null
     */
    void send(String command, @Nullable String shown) {
        ByteBuf out = channel().alloc().ioBuffer(command.length() + 2);
        Commands.line(out, command);
        expectReply();
        link.send(out, shown);
    }

    void expectReply() {
        expect(site.settings().replyTimeout());
    }

    private void expect(Duration time) {
        patience.expect(time, transfer);
    }

    /** TLS failed where it is not required: the same once more without. */
    void dialWithoutTls() {
        withoutTls = true;
        phase = new Dialing(this);
        dial();
    }

    void established(Extensions announced) {
        extensions = announced;
        site.rests().worked(link.endpoint());
        site.health().established(link.endpoint());
        phase = new Idle(this);
        owner.established(this);
        Transfer first = transfer;
        if (first == null) {
            expect(site.settings().idleTimeout());
            owner.ready(this);
        } else {
            begin(first);
        }
    }

    /** All of the present message is on its way: behind its content the commands of the next one may go. */
    void contentSent() {
        sent = System.nanoTime();
        if (!quick || !extensions.pipelining()) {
            return;
        }
        Transfer next = owner.following(this);
        if (next != null) {
            next.carrier(this);
            following.begin(next);
        }
    }

    /** The transaction is over and the connection is good for another. */
    void done(Transaction finished, List<Outcome> outcomes) {
        if (following.is(finished)) {
            following.take();
            finished.transfer().carrier(null);
            finished.transfer().finish(outcomes);
            return;
        }
        take();
        served++;
        quick = System.nanoTime() - sent < QUICK_NANOS;
        next();
        finished.transfer().finish(outcomes);
    }

    private void next() {
        Transaction behind = following.take();
        phase = new Idle(this);
        if (following.isSpoiled()) {
            end(new Reply("2.0.0", "the next message was withdrawn"));
        } else if (behind != null) {
            transfer = behind.transfer();
            phase = behind;
            expectReply();
        } else {
            expect(site.settings().idleTimeout());
            // First ready, then the answer: whoever hears it may bring the next message at once.
            owner.ready(this);
        }
    }

    private @Nullable Transfer take() {
        Transfer current = transfer;
        transfer = null;
        if (current != null) {
            current.carrier(null);
        }
        return current;
    }

    /** The transfer has had no effect yet and goes another way. */
    void handOn(Transfer untouched) {
        owner.again(untouched);
    }

    // ---- from the owner, any thread

    /** Carries a message. The connection must have been given by {@link Owner#ready}. */
    void carry(Transfer next) {
        next.carrier(this);
        loop.execute(() -> begin(next));
    }

    /** Carries a message behind the present one, whose content is on its way, if that still awaits its answer. */
    void attach(Transfer next) {
        next.carrier(this);
        loop.execute(() -> {
            boolean awaiting = phase instanceof Transaction current && current.awaitsItsAnswer();
            if (awaiting && following.isFree() && System.nanoTime() - sent < QUICK_NANOS) {
                following.begin(next);
            } else {
                next.carrier(null);
                owner.again(next);
            }
        });
    }

    private void begin(Transfer next) {
        if (over || !(phase instanceof Idle)) {
            next.carrier(null);
            owner.again(next);
            return;
        }
        transfer = next;
        expectReply();
        try {
            Transaction transaction = new Transaction(this, next);
            phase = transaction;
            transaction.start();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** The consignment was cancelled: aborts, unless the answer to the final dot is awaited. */
    void cancel(Transfer cancelled) {
        loop.execute(() -> {
            if (transfer == cancelled && !phase.isPastReturn()) {
                dropAll();
            } else if (following.carries(cancelled)) {
                following.drop();
            }
        });
    }

    /** No more messages: ends it at once if it has none, and lets one that is on its way finish. */
    void stop() {
        loop.execute(() -> {
            Transfer waiting = transfer;
            following.handOn();
            if (phase instanceof Idle) {
                owner.expired(this);
            } else if (!(phase instanceof Transaction) && !over) {
                take();
                close();
                if (waiting != null) {
                    owner.again(waiting);
                }
            }
        });
    }

    /** Time is over: ends it whatever it does. */
    void abort() {
        loop.execute(() -> {
            following.drop();
            if (phase.isPastReturn()) {
                end(new Reply("4.3.2", "transport stopped"));
            } else {
                dropAll();
            }
        });
    }

    /** Says good-bye; from now on it is nobody's. Loop only. */
    void quit() {
        if (over) {
            return;
        }
        phase = new Quitting(this);
        send("QUIT");
        expect(QUIT_TIME);
    }

    // ---- from the channel

    void received(ServerReply reply) {
        LOG.debug("{} < {}", this, reply);
        link.tell(reply);
        expectReply();
        try {
            phase.reply(reply);
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    void writable() {
        try {
            phase.writable();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    // ---- ends

    private void dropAll() {
        Phase last = phase;
        close();
        last.drop();
        following.handOn();
    }

    /** Ends the connection; the phase answers for its message. */
    void end(Reply why) {
        if (over) {
            return;
        }
        Phase last = phase;
        Transfer mine = transfer;
        link.tell("ended: " + why.text());
        if (last.isBeforeSession()) {
            link.failed();
            if (link.hasNext() && (mine == null || mine.due() - System.nanoTime() > 0)) {
                LOG.debug("{}: {}; the next server", this, why);
                last.left();
                dialNext();
                return;
            }
        }
        if (following.isPresent() && last.isPastReturn()) {
            owner.lostInGroup();
        }
        close();
        if (mine != null) {
            mine.carrier(null);
        }
        last.lost(why);
        following.handOn();
    }

    private void dialNext() {
        link.next();
        withoutTls = false;
        phase = new Dialing(this);
        dial();
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        phase = new Idle(this);
        patience.stop();
        link.close();
        owner.gone(this);
    }

    private void overdue() {
        if (over) {
            return;
        }
        if (phase instanceof Idle) {
            owner.expired(this);
        } else {
            end(new Reply("4.4.2", "no answer from " + server() + " in time"));
        }
    }

    /** A fault of ours, or of a content: the message must still be answered. */
    private void broken(RuntimeException fault) {
        LOG.error("{}: internal error; the connection ends", site.name(), fault);
        Reply why = new Reply("4.3.0", "internal error: " + fault);
        Transfer mine = transfer;
        if (phase instanceof Idle && mine != null) {
            take();
            mine.giveUp(Outcome.Scope.MESSAGE, why);
        }
        end(why);
    }

    @Override
    public String toString() {
        return link.toString();
    }

    /** No session: for phases before the first transaction. */
    void refused(Reply why) {
        owner.refused(take(), why, forever);
    }

    void handBack() {
        Transfer mine = take();
        if (mine != null) {
            mine.handBack();
        }
    }
}
