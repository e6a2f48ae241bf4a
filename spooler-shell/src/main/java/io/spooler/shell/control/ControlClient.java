package io.spooler.shell.control;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs one command of a running instance: {@code java -cp spooler-shell.jar io.spooler.shell.control.ControlClient
 * SOCKETPATH COMMAND…}. Needs nothing but the JDK. Prints output as it comes.
 *
 * <p>Exit status: that of the command; 2 for wrong usage; 3 if no instance answers; 4 if the instance ended before the
 * command did.
 */
public final class ControlClient {

    static final int USAGE = 2;
    static final int NO_INSTANCE = 3;
    static final int CUT_OFF = 4;

    private static final Path IN_BASE = Path.of("data", "control", "socket");

    private final OutputStream out;
    private final PrintStream err;

    /**
     * A client.
     *
     * @param out takes the output of the command
     * @param err takes its error output
     */
    ControlClient(OutputStream out, OutputStream err) {
        this.out = out;
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    /**
     * Runs a command and exits with its status.
     *
     * @param args path of the socket, and the words of the command
     */
    public static void main(String[] args) {
        // The descriptors themselves: what comes is octets, whatever the character set of the console.
        ControlClient client =
                new ControlClient(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
        System.exit(client.run(args));
    }

    /**
     * Runs a command. Blocks until it has ended.
     *
     * @param args path of the socket, and the words of the command
     * @return exit status
     */
    int run(String... args) {
        if (args.length < 2) {
            err.println("usage: ControlClient SOCKETPATH COMMAND...");
            return USAGE;
        }
        byte[] command =
                String.join(" ", Arrays.asList(args).subList(1, args.length)).getBytes(StandardCharsets.UTF_8);
        if (command.length > Frames.MAX_COMMAND) {
            err.println("error: the command is longer than " + Frames.MAX_COMMAND + " octets");
            return USAGE;
        }
        return run(Path.of(args[0]), command);
    }

    private int run(Path socket, byte[] command) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (!connect(channel, socket)) {
                err.println("error: no instance is running in " + base(socket) + "; start it with: bin/spooler start");
                return NO_INSTANCE;
            }
            send(channel, command);
            return copy(new DataInputStream(Channels.newInputStream(channel)));
        } catch (IOException e) {
            err.println("error: the instance ended before the command did"
                    + (e instanceof EOFException ? "" : ": " + e.getMessage()));
            return CUT_OFF;
        }
    }

    private static boolean connect(SocketChannel channel, Path socket) {
        try {
            return channel.connect(UnixDomainSocketAddress.of(SocketPlace.shortest(socket)));
        } catch (IOException e) {
            return false;
        }
    }

    private static void send(SocketChannel channel, byte[] command) {
        ByteBuffer request = ByteBuffer.allocate(Integer.BYTES + command.length)
                .putInt(command.length)
                .put(command)
                .flip();
        try {
            while (request.hasRemaining()) {
                channel.write(request);
            }
        } catch (IOException e) {
            // Refused before it was read, perhaps: the reply says why; if there is none, reading fails, too.
            return;
        }
    }

    private static Path base(Path socket) {
        Path absolute = socket.toAbsolutePath().normalize();
        Path base = absolute;
        for (int i = 0; i < IN_BASE.getNameCount() && base.getParent() != null; i++) {
            base = base.getParent();
        }
        return absolute.endsWith(IN_BASE) ? base : absolute;
    }

    private int copy(DataInputStream reply) throws IOException {
        while (true) {
            byte kind = reply.readByte();
            int length = reply.readInt();
            if (kind == Frames.EXIT) {
                return reply.readInt();
            }
            byte[] octets = reply.readNBytes(length);
            if (octets.length < length) {
                throw new EOFException();
            }
            OutputStream target = kind == Frames.ERROR ? err : out;
            target.write(octets);
            target.flush();
        }
    }
}
