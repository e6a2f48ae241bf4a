package io.spooler.shell.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: reads the request, runs it, sends the exit status. One thread, but for {@link #closeIfIdle()}. */
final class ControlSession implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSession.class);

    private final TimedChannel channel;
    private final CommandRunner runner;
    private volatile boolean running;

    /**
     * A session.
     *
     * @param channel the connection; closed at the end
     * @param runner runs the command
     */
    ControlSession(TimedChannel channel, CommandRunner runner) {
        this.channel = channel;
        this.runner = runner;
    }

    @Override
    public void run() {
        try (channel) {
            String command = request();
            running = true;
            FrameOutput.exit(channel, run(command));
        } catch (IOException e) {
            LOG.debug("control session ended: {}", e.toString());
        }
    }

    private String request() throws IOException {
        int length = channel.read(ByteBuffer.allocate(Integer.BYTES)).getInt();
        if (length < 1 || length > Frames.MAX_COMMAND) {
            refuse("a command must have 1 to " + Frames.MAX_COMMAND + " octets");
            throw new IOException("request of " + length + " octets");
        }
        return StandardCharsets.UTF_8
                .decode(channel.read(ByteBuffer.allocate(length)))
                .toString();
    }

    private int run(String command) {
        try (PrintStream out = FrameOutput.stream(channel, Frames.OUTPUT);
                PrintStream err = FrameOutput.stream(channel, Frames.ERROR)) {
            return runner.run(command, out, err);
        }
    }

    /**
     * Answers that nothing is run.
     *
     * @param why what is wrong
     * @throws IOException if the other side is gone
     */
    void refuse(String why) throws IOException {
        try (PrintStream err = FrameOutput.stream(channel, Frames.ERROR)) {
            err.println("error: " + why);
        }
        FrameOutput.exit(channel, 1);
    }

    /** Ends a session that has not begun to run a command. Any thread. */
    void closeIfIdle() {
        if (!running) {
            close();
        }
    }

    /** Ends the connection. Any thread. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("control session: {}", e.toString());
        }
    }
}
