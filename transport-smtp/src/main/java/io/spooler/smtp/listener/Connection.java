package io.spooler.smtp.listener;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The network side of a session: how answers leave, and how a connection ends without losing the last of them. Lives on
 * the event loop of its channel; {@link #execute} and {@link #close} may be called from any thread.
 *
 * <p>Known limit: Netty 4.2.18 on epoll forgets a channel that neither reads nor writes at the moment. So a client that
 * has ended its input, and leaves so many answers unread that they do not fit the socket buffers, loses the rest.
 */
final class Connection {

    /** For a slow line to take the last answers. */
    private static final Duration SENDING = Duration.ofSeconds(30);

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Channel channel;
    private boolean inputEnded;

    Connection(Channel channel) {
        this.channel = channel;
    }

    // ---- tasks

    void execute(Runnable task) {
        channel.eventLoop().execute(task);
    }

    /** Runs a task later; even without a delay the loop looks at the network once before. */
    void after(Duration delay, Runnable task) {
        channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Encrypts from now on; what is in the queue still goes out in clear text. */
    void encrypt(ServerTls tls, Duration patience) {
        flush();
        channel.pipeline().addBefore(Session.NAME, null, tls.handler(channel.alloc(), patience));
    }

    // ---- output

    /** Puts an answer into the queue; {@link #flush()} sends it. */
    void write(Answer answer) {
        channel.write(ByteBufUtil.writeAscii(channel.alloc(), answer.wire()));
    }

    void flush() {
        channel.flush();
    }

    /** False while the client does not read its answers. */
    boolean isWritable() {
        return channel.isWritable();
    }

    // ---- input

    /** Says whether more input is wanted. No matter once it has ended. */
    void read(boolean wanted) {
        if (!inputEnded && channel.isActive()) {
            channel.config().setAutoRead(wanted);
        }
    }

    /** The client has ended its direction; it may still wait for answers. */
    void inputEnds() {
        inputEnded = true;
    }

    boolean hasInputEnded() {
        return inputEnded;
    }

    // ---- end

    boolean isOpen() {
        return channel.isActive();
    }

    /** Ends at once; answers that are not sent are lost. */
    void close() {
        channel.close();
    }

    /** Ends behind the last answer, which is in the queue. */
    void endBehind(Answer last) {
        if (last.equals(Answer.BYE) || last.equals(Answer.TOO_MANY_CONNECTIONS)) {
            closeWhenSent();
        } else if (!isWritable()) {
            // The client does not read its answers, so it will not read this one.
            close();
        } else {
            closeAndLinger();
        }
    }

    /** Ends behind the answers that are in the queue. */
    void closeWhenSent() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        after(SENDING, this::close);
    }

    /**
     * Ends behind the answers that are in the queue, of a client that may still be sending: to close with unread input
     * would reset the connection and lose them, so input has to be read and dropped for a moment.
     */
    private void closeAndLinger() {
        if (inputEnded) {
            closeWhenSent();
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> endOutput());
        after(SENDING, this::close);
    }

    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(told -> ((DuplexChannel) channel).shutdownOutput());
        }
        after(LINGER, this::close);
    }
}
