package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.spooler.Draft;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: cuts the input into commands and content, answers in order, keeps the limits. What arrives while an
 * answer is due stays in the buffer, and the connection is not read meanwhile, so that the buffer stays bounded.
 *
 * <p>Lives on one event loop. {@link #stop()} and {@link #abort()} may be called from any thread. Never blocks for a
 * commit; the store answers on its own thread and the answer comes back to the loop.
 *
 * <p>Known limit: a store that never completes a commit holds its session until the client gives up.
 */
final class Session extends ChannelInboundHandlerAdapter {

    /** What the next octet is. */
    private enum Phase {
        /** The banner is not out: any octet is too early. */
        GREETING,
        COMMANDS,
        /** DATA came, its reply is not out: any octet is too early. */
        OPENING,
        CONTENT,
        /** The spooler has the message, its answer is not there: octets wait. */
        COMMITTING,
        /** The last answer is on its way: octets are dropped. */
        CLOSING
    }

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    /** While a client sends content it must bring so many octets a second. */
    private static final long MIN_RATE = 100;

    private final ListenerSettings settings;
    private final Sessions sessions;
    private final Supplier<@Nullable Spooler> spooler;
    private final Clock clock;
    private final Connection connection;
    private final InetAddress client;
    private final Conversation conversation;
    private final CommandFramer framer;
    private final Backlog input;
    private final Watchdog watchdog;

    private Phase phase = Phase.GREETING;
    private @Nullable Intake intake;
    private int errors;
    private long receivedBefore;

    Session(
            ListenerSettings settings,
            Sessions sessions,
            Supplier<@Nullable Spooler> spooler,
            Clock clock,
            Channel channel) {
        this.settings = settings;
        this.sessions = sessions;
        this.spooler = spooler;
        this.clock = clock;
        this.connection = new Connection(channel);
        this.client = connection.client();
        this.input = new Backlog(channel.alloc());
        this.conversation = new Conversation(settings, settings.mayRelay(client), spooler);
        this.framer = new CommandFramer(settings.limits().line());
        this.watchdog = new Watchdog(channel.eventLoop(), settings.limits().command(), this::mayGoOn);
    }

    // ---- coming and going

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!sessions.enter(this, client, settings.limits())) {
            LOG.debug("{}: too many connections", client);
            reply(Answer.TOO_MANY_CONNECTIONS);
            return;
        }
        watchdog.start(settings.greetingDelay());
        // Even without a delay: what has arrived already is seen before the banner.
        connection.after(settings.greetingDelay(), this::greet);
    }

    private void greet() {
        if (phase == Phase.GREETING) {
            phase = Phase.COMMANDS;
            reply(Answer.of(220, "", settings.hostname() + " ESMTP Spooler"));
            work();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watchdog.stop();
        input.release();
        if (phase == Phase.CONTENT) {
            LOG.debug("{}: connection cut in the middle of a message, nothing accepted", client);
            closeIntake();
        }
        phase = Phase.CLOSING;
        sessions.leave(this, client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            LOG.debug("{}: {}", client, Reply.clean(String.valueOf(cause.getMessage())));
        } else {
            LOG.error("session of {} failed, closing it; this is a defect", client, cause);
        }
        connection.close();
    }

    /** Ends the session as soon as no message is in progress. */
    void stop() {
        connection.execute(() -> {
            if (phase == Phase.GREETING || phase == Phase.COMMANDS || phase == Phase.OPENING) {
                reply(Answer.SHUTTING_DOWN);
            }
        });
    }

    /** Ends the connection; a message that is not with the spooler never happened. */
    void abort() {
        connection.close();
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        input.add((ByteBuf) message);
        work();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // Comes in the middle of a write, too: the step that writes must end first.
        connection.execute(this::work);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.inputEnds();
            work();
        }
    }

    /** Goes on as far as input and answers allow. */
    private void work() {
        boolean more = true;
        do {
            while (more && !input.isEmpty() && connection.isWritable()) {
                more = step();
            }
            connection.flush();
        } while (more && !input.isEmpty() && connection.isWritable());
        input.releaseIfEmpty();
        boolean clientMustRead = more && !input.isEmpty();
        if (connection.hasInputEnded() && !clientMustRead && !ownTurn()) {
            connection.closeWhenSent();
        }
        connection.read(!clientMustRead && (phase != Phase.COMMITTING || input.isEmpty()));
    }

    /** Whether an answer is due from us. */
    private boolean ownTurn() {
        return phase == Phase.COMMITTING || phase == Phase.OPENING || phase == Phase.GREETING;
    }

    /** Uses some input; false if it has to wait. */
    private boolean step() {
        switch (phase) {
            case GREETING, OPENING -> reply(Answer.TOO_EARLY);
            case COMMANDS -> {
                return command();
            }
            case CONTENT -> content();
            case CLOSING -> input.drop();
            case COMMITTING -> {
                return false;
            }
        }
        return true;
    }

    private boolean command() {
        CommandFramer.Frame frame = framer.next(input.buffer());
        if (frame == null) {
            return false;
        }
        Answer answer = switch (frame.kind()) {
            case LINE -> conversation.handle(frame.text());
            case TOO_LONG -> Answer.LINE_TOO_LONG;
            case BARE_LF -> Answer.BARE_LF;
        };
        if (answer.startsContent()) {
            phase = Phase.OPENING;
            connection.after(Duration.ZERO, this::openContent);
        } else {
            reply(answer);
            countError(answer);
        }
        return true;
    }

    private void countError(Answer answer) {
        if (answer.isError() && ++errors >= settings.limits().errors() && phase != Phase.CLOSING) {
            LOG.debug("{}: {} errors, closing", client, errors);
            reply(Answer.TOO_MANY_ERRORS);
        }
    }

    // ---- content

    /** One round of the loop after DATA, so that content sent without waiting for the reply has been seen. */
    private void openContent() {
        if (phase != Phase.OPENING) {
            return;
        }
        try {
            intake = begin();
            phase = Phase.CONTENT;
            receivedBefore = 0;
            reply(Answer.START_CONTENT);
        } catch (Refused | SpoolException | RuntimeException e) {
            logRefusal(e);
            conversation.contentRefused();
            phase = Phase.COMMANDS;
            reply(Intake.answer(e));
        }
        work();
    }

    private Intake begin() throws Refused, SpoolException {
        Transaction transaction = conversation.takeTransaction();
        Spooler present = spooler.get();
        if (present == null || transaction == null) {
            throw new Refused(Answer.NO_SPOOLER);
        }
        Draft draft = present.begin(transaction.envelope());
        String protocol = conversation.protocol(transaction.isUtf8());
        byte[] trace = TraceHeader.received(
                conversation.helo(), client, settings.hostname(), protocol, draft.id(), clock.instant());
        return new Intake(draft, trace, settings.limits());
    }

    private void content() {
        Intake open = intake;
        if (open != null && open.feed(input.buffer())) {
            phase = Phase.COMMITTING;
            open.commit().whenComplete((id, error) -> connection.execute(() -> committed(id, error)));
        }
    }

    /** The spooler has answered. Not called from within {@link #work()}, so the stack does not grow with messages. */
    private void committed(@Nullable SpoolId id, @Nullable Throwable error) {
        intake = null;
        if (phase != Phase.COMMITTING || !connection.isOpen()) {
            return;
        }
        phase = Phase.COMMANDS;
        if (id != null) {
            LOG.debug("{}: queued as {}", client, id);
            reply(Answer.of(250, "2.0.0", "queued as " + id));
        } else {
            Throwable cause = error == null ? new IllegalStateException("no id") : error;
            logRefusal(cause);
            Answer answer = Intake.answer(cause);
            reply(sessions.isStopping() && answer.equals(Answer.LOCAL_ERROR) ? Answer.STORE_GONE : answer);
        }
        if (sessions.isStopping() && phase == Phase.COMMANDS) {
            reply(Answer.SHUTTING_DOWN);
        }
        work();
    }

    private void logRefusal(Throwable cause) {
        Answer answer = Intake.answer(cause);
        if (answer.equals(Answer.LOCAL_ERROR)) {
            LOG.warn("{}: message not accepted, the client is asked to try again: {}", client, cause.toString());
        } else {
            LOG.debug("{}: message refused: {}", client, answer.lines());
        }
    }

    private void closeIntake() {
        Intake open = intake;
        intake = null;
        if (open != null) {
            open.close();
        }
    }

    // ---- output

    private void reply(Answer answer) {
        connection.write(answer);
        watchdog.reset();
        if (answer.closes()) {
            close(answer);
        }
    }

    private void close(Answer answer) {
        phase = Phase.CLOSING;
        closeIntake();
        if (answer.equals(Answer.BYE)) {
            // A client that has read this may come again at once.
            sessions.leave(this, client);
            connection.closeWhenSent();
        } else if (answer.equals(Answer.TOO_MANY_CONNECTIONS)) {
            connection.closeWhenSent();
        } else if (!connection.isWritable()) {
            // It does not read its answers, so it will not read this one.
            connection.close();
        } else {
            connection.closeAndLinger();
        }
    }

    // ---- time

    /** The deadline has passed: is the client too slow, or is it somebody else's turn? */
    private boolean mayGoOn() {
        Intake open = intake;
        boolean patient = phase == Phase.COMMITTING;
        if (phase == Phase.CONTENT && open != null) {
            patient = open.received() - receivedBefore
                    > MIN_RATE * settings.limits().command().toSeconds();
            receivedBefore = open.received();
        }
        if (!patient && phase != Phase.CLOSING) {
            LOG.debug("{}: too slow, closing", client);
            reply(Answer.TIMEOUT);
        }
        return patient;
    }
}
