package io.spooler.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a mail server, with a limit for everything that can be long: a line, a silence, and what belongs
 * together. One thread reads; another may send, or close.
 */
final class Wire implements AutoCloseable {

    /** The longest line, octets. */
    static final int MAX_LINE = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int BUFFER = 16 * 1024;

    private final Duration patience;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] line = new byte[MAX_LINE];
    private int lineSize;
    private int at;
    private int end;
    private long deadline;
    private final Socket plain = new Socket();
    private volatile Socket socket = plain; // or TLS over it
    private volatile boolean closed;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;

    /**
     * Not connected yet.
     *
     * @param patience longest silence
     */
    Wire(Duration patience) {
        this.patience = patience;
        limit(patience);
    }

    /** Connects. */
    void open(String host, int port, Duration timeout) throws IOException {
        plain.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) timeout.toMillis());
        plain.setTcpNoDelay(true);
        use(plain);
    }

    private void use(Socket fresh) throws IOException {
        fresh.setSoTimeout((int) patience.toMillis());
        socket = fresh;
        in = fresh.getInputStream();
        out = fresh.getOutputStream();
        if (closed) {
            close();
        }
    }

    boolean isLoopback() {
        return plain.getInetAddress().isLoopbackAddress();
    }

    boolean isSecure() {
        return socket instanceof SSLSocket;
    }

    /** Begins TLS. What came in clear text and was not read yet is a forgery. */
    void secure(Trust trust, String host) throws IOException {
        if (at < end) {
            throw new IOException("the server talks before TLS has begun");
        }
        SSLSocket secure =
                (SSLSocket) trust.context().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (trust.verifies()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secure.setSSLParameters(parameters);
        secure.setSoTimeout((int) patience.toMillis());
        secure.startHandshake();
        use(secure);
    }

    /** From now on so much time for all that is read. */
    void limit(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** A line without its end, in ISO 8859-1. */
    String line() throws IOException {
        String text = lineWithin(patience);
        if (text == null) {
            throw new SocketTimeoutException("the server has been silent for " + patience.toSeconds() + " s");
        }
        return text;
    }

    /** As {@link #line()}, or null if there is none within a time; it may go on afterwards. */
    @Nullable
    String lineWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) Math.max(1, time.toMillis()));
        try {
            for (int octet = read(); octet != '\n'; octet = read()) {
                if (lineSize == MAX_LINE) {
                    throw new IOException("the server sends a line of more than " + MAX_LINE + " octets");
                }
                line[lineSize++] = (byte) octet;
            }
        } catch (SocketTimeoutException e) {
            return null;
        } finally {
            socket.setSoTimeout((int) patience.toMillis());
        }
        int size = lineSize > 0 && line[lineSize - 1] == '\r' ? lineSize - 1 : lineSize;
        lineSize = 0;
        return new String(line, 0, size, StandardCharsets.ISO_8859_1);
    }

    /** One octet. */
    int read() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++] & 0xFF;
    }

    /** Hands on exactly so many octets. */
    void copy(long count, Remote.Sink sink) throws IOException {
        for (long left = count; left > 0; ) {
            if (at == end) {
                fill();
            }
            int some = (int) Math.min(left, end - at);
            sink.write(buffer, at, some);
            at += some;
            left -= some;
        }
    }

    private void fill() throws IOException {
        if (in == null) {
            throw new IOException("not connected");
        }
        if (deadline - System.nanoTime() < 0) {
            throw new InterruptedIOException("the server takes too long");
        }
        int count = in.read(buffer);
        if (count < 0) {
            throw new IOException("the server has closed the connection");
        }
        at = 0;
        end = count;
    }

    /** Sends a line. */
    void send(String text) throws IOException {
        write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void write(byte[] octets) throws IOException {
        if (out == null) {
            throw new IOException("not connected");
        }
        out.write(octets);
        out.flush();
    }

    /** Cuts the connection, whatever it does at present: below TLS, which would wait for a writer. */
    @Override
    public void close() {
        closed = true;
        try {
            plain.close();
        } catch (IOException e) {
            LOG.debug("nothing more to end", e);
        }
    }
}
