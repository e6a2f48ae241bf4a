package io.spooler.smtp.listener;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A client that sends exactly what it is told. Text is ISO 8859-1: one character, one octet. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;

    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final boolean single;
    private volatile boolean cut;

    /** Connects; does not read the banner. With {@code single} every octet is a write of its own. */
    RawClient(int port, boolean single) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.single = single;
    }

    /** Sends. What the server has closed meanwhile is no error: the reply tells. */
    RawClient send(String octets) throws IOException {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            if (single) {
                for (byte b : bytes) {
                    out.write(b);
                }
            } else {
                out.write(bytes);
            }
        } catch (SocketException closed) {
            cut = true;
        }
        return this;
    }

    /** Whether the server closed the connection while something was being sent. */
    boolean wasCut() {
        return cut;
    }

    /** The next reply with all its lines, joined by a line feed; empty at the end of the connection. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        do {
            line = line();
            reply.append(reply.length() > 0 ? "\n" : "").append(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return reply.toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Sends a command and reads its reply. */
    String ask(String command) throws IOException {
        return send(command + "\r\n").reply();
    }

    /** Reads the banner and says EHLO. */
    RawClient greet() throws IOException {
        reply();
        ask("EHLO client.example");
        return this;
    }

    /** A whole message to one local mailbox; the reply to its end. */
    String mail(String content) throws IOException {
        ask("MAIL FROM:<bob@example.org>");
        ask("RCPT TO:<ann@spooler.local>");
        ask("DATA");
        return send(content).reply();
    }

    /** Goes on under TLS; what the server shows must be trusted. */
    RawClient encrypt(SSLContext context) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secure.startHandshake();
        socket = secure;
        in = new BufferedInputStream(secure.getInputStream());
        out = secure.getOutputStream();
        return this;
    }

    /** What the server shows under TLS. */
    SSLSession tls() {
        return ((SSLSocket) socket).getSession();
    }

    /** Everything up to the end of the connection. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
        } catch (SocketException reset) {
            rest.append("(reset)");
        }
        return rest.toString();
    }

    /** Ends the sending direction. */
    void endInput() throws IOException {
        socket.shutdownOutput();
    }

    /** Cuts the connection with a reset. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
