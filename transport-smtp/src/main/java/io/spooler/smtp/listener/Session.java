package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: cuts the input into commands and content, answers in order, keeps the limits. What arrives while an
 * answer is due stays in the buffer; beyond some of it the connection is not read, so that the buffer stays bounded.
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
        /** DATA or STARTTLS came, its reply is not out: any octet is too early. */
        OPENING,
        CONTENT,
        /** Octets of a chunk. */
        CHUNK,
        /** Somebody else is to answer, mostly the spooler, which has the message: octets wait. */
        WAITING,
        /** The last answer is on its way: octets are dropped. */
        CLOSING
    }

    /** In the pipeline of its channel. */
    static final String NAME = "session";

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    /** While a client sends content it must bring so many octets a second. */
    private static final long MIN_RATE = 100;
    /** Octets that are read on while input has to wait. A client that pipelines within reason is never held up. */
    private static final int READ_AHEAD = 64 * 1024;

    private final ListenerSettings settings;
    private final Sessions sessions;
    private final Services services;
    private final Connection connection;
    private final InetAddress client;
    private final Conversation conversation;
    private final Reception reception;
    private final CommandFramer framer;
    private final Backlog input;
    private final Watchdog watchdog;
    private final SessionTrace trace;

    private Phase phase = Phase.GREETING;
    private Step.@Nullable Later asked;
    /** Of a DATA whose reply is not out. */
    private @Nullable Answer refusal;

    private int errors;
    private long receivedBefore;

    /** A session of a client, which may be behind the peer of the channel. */
    Session(ListenerSettings settings, Sessions sessions, Services services, Channel channel, InetAddress client) {
        this.settings = settings;
        this.sessions = sessions;
        this.services = services;
        this.connection = new Connection(channel);
        this.client = client;
        this.input = new Backlog(channel.alloc());
        this.conversation = new Conversation(settings, services, client);
        this.reception = new Reception(settings, services, client);
        this.trace = new SessionTrace(sessions.watchers(), services.clock(), client);
        this.framer = new CommandFramer(settings.limits().line());
        this.watchdog = new Watchdog(
                channel.eventLoop(),
                settings.limits().command(),
                () -> sessions.isUnderStress(settings.limits()),
                this::mayGoOn);
    }

    // ---- coming and going

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        trace.event("connected");
        if (!sessions.enter(this, client, settings.limits())) {
            LOG.debug("{}: too many connections", client);
            reply(Answer.TOO_MANY_CONNECTIONS);
            return;
        }
        watchdog.start(settings.greetingDelay());
        if (services.logins().isBarred(client)) {
            reply(Answer.BARRED);
            return;
        }
        ServerTls tls = settings.tls();
        if (tls != null && tls.mode() == TlsMode.IMPLICIT) {
            connection.encrypt(tls, settings.limits().command());
            conversation.encrypted();
        } else {
            greetInTime();
        }
    }

    private void greetInTime() {
        // Even without a delay: what has arrived already is seen before the banner.
        connection.after(settings.greetingDelay(), this::greet);
    }

    private void greet() {
        if (phase == Phase.GREETING) {
            phase = Phase.COMMANDS;
            reply(Answer.of(220, "", settings.hostname() + (settings.lmtp() ? " LMTP" : " ESMTP") + " Spooler"));
            work();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        trace.event("disconnected");
        watchdog.stop();
        input.release();
        reception.close();
        phase = Phase.CLOSING;
        sessions.leave(this, client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What TLS finds wrong comes inside an exception of the decoder.
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
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
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            LOG.debug("{}: {}", client, handshake);
            trace.event(handshake.isSuccess() ? "encrypted" : "not encrypted: " + handshake.cause());
            if (handshake.isSuccess()) {
                greetInTime();
            }
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
        boolean waiting = clientMustRead || phase == Phase.WAITING;
        connection.read(!waiting || input.size() < READ_AHEAD);
    }

    /** Whether an answer is due from us. */
    private boolean ownTurn() {
        return phase == Phase.WAITING || phase == Phase.OPENING || phase == Phase.GREETING;
    }

    /** Uses some input; false if it has to wait. */
    private boolean step() {
        switch (phase) {
            case GREETING, OPENING -> tooEarly();
            case COMMANDS -> {
                return command();
            }
            case CONTENT -> content();
            case CHUNK -> chunk();
            case CLOSING -> input.drop();
            case WAITING -> {
                return false;
            }
        }
        return true;
    }

    private void tooEarly() {
        refuseContent();
        if (phase != Phase.CLOSING) {
            reply(Answer.TOO_EARLY);
        }
    }

    private boolean command() {
        CommandFramer.Frame frame = framer.next(input.buffer());
        if (frame == null) {
            return false;
        }
        act(
                switch (frame.kind()) {
                    case LINE -> obey(frame.text());
                    case TOO_LONG -> conversation.handleTooLong();
                    case BARE_LF -> Answer.BARE_LF;
                });
        return true;
    }

    private Step obey(String line) {
        boolean secret = conversation.isLoggingIn();
        Step step = conversation.handle(line);
        trace.heard(line, secret || (step instanceof Answer answer && answer.isNoCommand()));
        return step;
    }

    private void act(Step step) {
        if (step instanceof Step.Chunk chunk) {
            beginChunk(chunk);
        } else if (step instanceof Step.Later later) {
            phase = Phase.WAITING;
            asked = later;
            later.answer().whenComplete((answer, error) -> connection.execute(() -> resume(later, answer, error)));
        } else if (step == Answer.START_CONTENT) {
            open(this::openContent);
        } else if (step == Answer.START_TLS) {
            open(this::openTls);
        } else if (step instanceof Step.NoContent none) {
            refusal = none.refusal();
            open(this::refuseContent);
        } else {
            answer((Answer) step);
        }
    }

    /** Somebody else has answered, or has taken too long for it. */
    private void resume(Step.Later later, @Nullable Answer answer, @Nullable Throwable error) {
        if (!later.equals(asked) || phase != Phase.WAITING || !connection.isOpen()) {
            return;
        }
        asked = null;
        if (error != null) {
            LOG.warn("{}: a command cannot be answered now: {}", client, error.toString());
        }
        phase = Phase.COMMANDS;
        act(conversation.resume(answer == null ? Answer.LOCAL_ERROR : answer));
        goOn();
    }

    /** Behind what somebody else has answered. */
    private void goOn() {
        if (sessions.isStopping() && phase == Phase.COMMANDS) {
            reply(Answer.SHUTTING_DOWN);
        }
        work();
    }

    /** One round of the loop later, so that what was sent without waiting for the reply has been seen. */
    private void open(Runnable next) {
        phase = Phase.OPENING;
        connection.after(Duration.ZERO, () -> {
            if (phase == Phase.OPENING) {
                next.run();
                work();
            }
        });
    }

    private void openTls() {
        phase = Phase.COMMANDS;
        reply(Answer.START_TLS);
        ServerTls tls = settings.tls();
        if (tls != null) {
            connection.encrypt(tls, settings.limits().command());
            conversation.encrypted();
        }
    }

    /** Answers a command. A message that came by chunks is given up, unless it may still go on. */
    private void answer(Answer answer) {
        if (!conversation.isChunking()) {
            reception.close();
        }
        reply(answer);
        countError(answer);
    }

    private void countError(Answer answer) {
        if (answer.isError() && ++errors >= settings.limits().errors() && phase != Phase.CLOSING) {
            LOG.debug("{}: {} errors, closing", client, errors);
            reply(Answer.TOO_MANY_ERRORS);
        }
    }

    // ---- content

    private void openContent() {
        try {
            reception.begin(conversation);
            conversation.endTransaction();
            phase = Phase.CONTENT;
            receivedBefore = 0;
            reply(Answer.START_CONTENT);
        } catch (Refused | SpoolException | RuntimeException e) {
            conversation.contentRefused();
            phase = Phase.COMMANDS;
            reply(reception.refusal(e));
        }
    }

    /** What DATA is refused with, maybe for now only, is said in any case. */
    private void refuseContent() {
        Answer refused = refusal;
        if (refused != null) {
            refusal = null;
            phase = Phase.COMMANDS;
            answer(refused);
        }
    }

    private void content() {
        if (reception.feed(input.buffer())) {
            commit();
        }
    }

    private void beginChunk(Step.Chunk chunk) {
        if (!reception.isOpen()) {
            receivedBefore = 0;
        }
        reception.beginChunk(chunk, conversation);
        phase = Phase.CHUNK;
        if (chunk.size() == 0) {
            endChunk();
        }
    }

    private void chunk() {
        if (reception.feedChunk(input.buffer())) {
            endChunk();
        }
    }

    private void endChunk() {
        phase = Phase.COMMANDS;
        Answer answer = reception.chunkEnded();
        if (answer == null || answer.isRefusal()) {
            // What else of this message is in the pipeline is dropped, chunk by chunk.
            conversation.endTransaction();
        }
        if (answer == null) {
            commit();
            return;
        }
        if (answer.isRefusal()) {
            reception.giveUp();
        }
        replyToAll(answer);
        countError(answer);
    }

    private void commit() {
        phase = Phase.WAITING;
        trace.heardContent(reception.received());
        reception.commit().whenComplete((id, error) -> connection.execute(() -> committed(id, error)));
    }

    /** The spooler has answered. Not called from within {@link #work()}, so the stack does not grow with messages. */
    private void committed(@Nullable SpoolId id, @Nullable Throwable error) {
        if (phase != Phase.WAITING || !connection.isOpen()) {
            return;
        }
        watchdog.gotOn();
        phase = Phase.COMMANDS;
        if (id != null) {
            LOG.debug("{}: queued as {}", client, id);
            replyToAll(Answer.of(250, "2.0.0", "queued as " + id));
        } else {
            Throwable cause = error == null ? new IllegalStateException("no id") : error;
            Answer answer = reception.refusal(cause);
            replyToAll(sessions.isStopping() && answer.equals(Answer.LOCAL_ERROR) ? Answer.STORE_GONE : answer);
        }
        goOn();
    }

    // ---- output

    /** The answer to a message or a chunk. */
    private void replyToAll(Answer answer) {
        reception.replies(answer).forEach(this::reply);
    }

    private void reply(Answer answer) {
        connection.write(answer);
        trace.said(answer);
        if (answer.getsOn()) {
            watchdog.gotOn();
        }
        if (answer.closes()) {
            close(answer);
        }
    }

    private void close(Answer answer) {
        phase = Phase.CLOSING;
        reception.close();
        if (answer.equals(Answer.BYE)) {
            // A client that has read this may come again at once.
            sessions.leave(this, client);
        }
        connection.endBehind(answer);
    }

    // ---- time

    /** The deadline has passed: is the client too slow, or is it somebody else's turn? */
    private boolean mayGoOn(long nanos) {
        Step.Later late = asked;
        if (late != null) {
            resume(late, null, new TimeoutException("no answer in time"));
            return true;
        }
        boolean patient = phase == Phase.WAITING;
        if (reception.isOpen()) {
            long received = reception.received();
            patient = received - receivedBefore > MIN_RATE * TimeUnit.NANOSECONDS.toSeconds(nanos);
            receivedBefore = received;
        }
        if (!patient && phase != Phase.CLOSING) {
            LOG.debug("{}: too slow, closing", client);
            reply(Answer.TIMEOUT);
        }
        return patient;
    }
}
