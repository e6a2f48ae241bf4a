package io.spooler.imap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server that plays a part, one connection at a time, on a thread that ends with it. */
abstract class ScriptedServer implements AutoCloseable {

    private final ServerSocket server;
    private final Thread thread;
    private final @Nullable SSLContext tls;
    final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile Socket client;

    /**
     * Listens.
     *
     * @param tls what connections begin with, or null
     */
    ScriptedServer(@Nullable SSLContext tls) throws IOException {
        this.tls = tls;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "scripted-server");
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                client = socket;
                converse(new Line(tls == null ? socket : secure(socket, tls)));
            } catch (IOException e) {
                // The client has gone, or the test has ended.
            }
        }
    }

    private static Socket secure(Socket socket, SSLContext context) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        return secure;
    }

    /** One connection. */
    abstract void converse(Line line) throws IOException;

    /** Breaks the present connection. */
    void hangUp() throws IOException {
        client.close();
    }

    List<String> commands(String part) {
        return commands.stream().filter(command -> command.contains(part)).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (client != null) {
            client.close();
        }
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server's end of a connection. */
    final class Line {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Line(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** From here on in TLS. */
        Line secure(SSLContext context) throws IOException {
            return new Line(ScriptedServer.secure(socket, context));
        }

        /** A command, without its end. */
        String read() throws IOException {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the client has gone");
                }
                text.append((char) c);
            }
            String command = text.toString().stripTrailing();
            commands.add(command);
            return command;
        }

        void say(String text) throws IOException {
            write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }
    }
}
