package io.spooler.shell.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A connection that gives up when the other side neither sends nor takes anything for some time. One reader before any
 * writer; several writers at once. {@link #close()} from any thread ends a wait.
 */
final class TimedChannel implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long patience;

    /**
     * Takes over a connection.
     *
     * @param channel a new connection
     * @param patience how long to wait for the other side
     * @throws IOException if it is closed already
     */
    TimedChannel(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience.toMillis();
        channel.configureBlocking(false);
        selector = Selector.open();
        key = channel.register(selector, 0);
    }

    /**
     * Reads until the buffer is full. Blocks.
     *
     * @param target to be filled; flipped afterwards
     * @return the same buffer
     * @throws IOException at the end of the stream, or when nothing comes for too long
     */
    ByteBuffer read(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int count = channel.read(target);
            if (count < 0) {
                throw new EOFException("the request is cut off");
            }
            if (count == 0) {
                await(SelectionKey.OP_READ);
            }
        }
        return target.flip();
    }

    /**
     * Writes one frame, never mixed with another. Blocks. After a failure the connection is closed, so that a command that
     * goes on writing does not wait again and again.
     *
     * @param frame all of it is written
     * @throws IOException if the other side is gone or takes nothing for too long
     */
    synchronized void write(ByteBuffer frame) throws IOException {
        try {
            while (frame.hasRemaining()) {
                if (channel.write(frame) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        int ready = selector.select(patience);
        if (!selector.isOpen()) {
            throw new IOException("closed");
        }
        selector.selectedKeys().clear();
        if (ready == 0) {
            throw new SocketTimeoutException("nothing moved for " + patience + " ms");
        }
    }

    /** Closes; without effect a second time. */
    @Override
    public void close() throws IOException {
        // The channel first: a closed selector leaves it open.
        channel.close();
        selector.close();
    }
}
