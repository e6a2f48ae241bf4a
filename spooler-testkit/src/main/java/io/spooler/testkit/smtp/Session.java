package io.spooler.testkit.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection to the peer: its record, and the blocking conversation that makes it. The record may be read by any thread. */
public final class Session {

    private static final int MAX_LINE = 65536;

    private final SmtpPeer peer;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile Socket socket;
    private volatile boolean tls;
    private volatile boolean pipelined;
    private volatile String shown = "";
    private volatile String serverName = "";
    private InputStream in;
    private OutputStream out;

    private @Nullable String from;
    private final List<String> to = new ArrayList<>();
    private String lastReply = "";
    private ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private boolean lmtp;
    private boolean mute;

    Session(SmtpPeer peer, Socket socket) throws IOException {
        this.peer = peer;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), MAX_LINE);
        this.out = socket.getOutputStream();
    }

    /**
     * What the client said.
     *
     * @return the commands in their order, without line ends; no content
     */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /**
     * Whether STARTTLS succeeded.
     *
     * @return true once the connection is encrypted
     */
    public boolean isEncrypted() {
        return tls;
    }

    /**
     * What certificate the client showed.
     *
     * @return its subject; empty if it was not asked for one
     */
    public String certificate() {
        return shown;
    }

    /**
     * Which server the client asked for under TLS (SNI).
     *
     * @return its name; empty if it named none
     */
    public String serverName() {
        return serverName;
    }

    /**
     * Whether the client ever spoke on before it had the answer.
     *
     * @return true if a command was there before the one before it was answered
     */
    public boolean wasPipelined() {
        return pipelined;
    }

    /**
     * Whether the connection is closed on our side.
     *
     * @return true if so
     */
    public boolean isClosed() {
        return socket.isClosed();
    }

    /**
     * Writes to the client.
     *
     * @param text sent as UTF-8
     * @throws IOException if the client is gone
     */
    public void write(String text) throws IOException {
        lastReply = text;
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void mute() {
        mute = true;
    }

    void skip(int octets) throws IOException {
        in.skipNBytes(octets);
    }

    /**
     * Whether the client has said something that is not read yet.
     *
     * @return true if so
     * @throws IOException if the client is gone
     */
    public boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    void awaitMore() throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            throw new IOException("the client said no more");
        }
        in.reset();
    }

    void close() throws IOException {
        socket.close();
    }

    void converse() throws IOException {
        perform("CONNECT", "");
        while (!socket.isClosed()) {
            String line = readLine();
            if (line == null) {
                return;
            }
            commands.add(line);
            peer.changed();
            pipelined |= in.available() > 0;
            perform(lastReply.startsWith("334") ? "*" : verb(line), line);
        }
    }

    private static String verb(String line) {
        String word = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        return SmtpPeer.VERBS.contains(word) ? word : "*";
    }

    private void perform(String verb, String line) throws IOException {
        lastReply = "";
        boolean lastChunk = verb.equals("BDAT") && chunk(line);
        if (mute) {
            return;
        }
        if (lastChunk) {
            answerContent("BDAT", line);
            return;
        }
        peer.action(verb, line, tls).act(this);
        switch (verb) {
            case "MAIL" -> begin(accepted() ? line : null);
            case "LHLO" -> lmtp = true;
            case "RSET", "EHLO", "HELO" -> begin(null);
            case "RCPT" -> addRecipient(line);
            case "DATA" -> content();
            case "STARTTLS" -> {
                if (accepted()) {
                    encrypt();
                }
            }
            case "QUIT" -> socket.close();
            default -> {
                // Nothing follows from it.
            }
        }
    }

    private boolean accepted() {
        return lastReply.startsWith("2");
    }

    private void begin(@Nullable String mail) {
        from = mail;
        to.clear();
        chunks = new ByteArrayOutputStream();
    }

    private void addRecipient(String line) {
        if (accepted()) {
            to.add(line);
        }
    }

    private void content() throws IOException {
        if (!lastReply.startsWith("354") || socket.isClosed()) {
            return;
        }
        byte[] wire = readContent();
        peer.received(new Mail(from == null ? "" : from, to, wire, false));
        pipelined |= in.available() > 0;
        answerContent(".", "");
    }

    /** Takes the octets of BDAT, as it must whatever it answers (RFC 3030 section 4.2). */
    private boolean chunk(String line) throws IOException {
        String[] words = line.split(" ", 3);
        chunks.write(in.readNBytes(Integer.parseInt(words[1])));
        if (words.length < 3) {
            return false;
        }
        if (from != null && !to.isEmpty()) {
            peer.received(new Mail(from, to, chunks.toByteArray(), true));
        }
        return true;
    }

    /** Once, or for LMTP once for each recipient, whose command the script then gets (RFC 2033 section 4.2). */
    private void answerContent(String verb, String line) throws IOException {
        List<String> each = lmtp ? List.copyOf(to) : List.of(line);
        begin(null);
        for (String one : each) {
            if (!mute) {
                peer.action(verb, one, tls).act(this);
            }
        }
    }

    /** Reads to CRLF.CRLF and nothing else: what could be smuggled stays visible in the content. */
    private byte[] readContent() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        byte[] end = {'\r', '\n', '.', '\r', '\n'};
        // The line end of the DATA command counts as the first one.
        int matched = 2;
        while (matched < end.length) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("cut in the content");
            }
            wire.write(b);
            if (b == end[matched]) {
                matched++;
            } else {
                matched = b == '\r' ? 1 : 0;
            }
        }
        byte[] all = wire.toByteArray();
        return java.util.Arrays.copyOf(all, all.length - 3);
    }

    void encrypt() throws IOException {
        SSLContext context = peer.tlsContext();
        if (context == null) {
            return;
        }
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        secure.setUseClientMode(false);
        secure.setNeedClientAuth(peer.asksForCertificates());
        secure.startHandshake();
        shown = peer.asksForCertificates()
                ? secure.getSession().getPeerPrincipal().getName()
                : "";
        serverName = ((ExtendedSSLSession) secure.getSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("");
        socket = secure;
        in = new BufferedInputStream(secure.getInputStream(), MAX_LINE);
        out = secure.getOutputStream();
        tls = true;
    }

    private @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n' && line.size() < MAX_LINE) {
            line.write(b);
            b = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (b < 0) {
            return null;
        }
        // A bare line feed stays visible.
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text + "\n";
    }

    /** What the peer answers where the test said nothing. */
    static Map<String, String> defaults() {
        return Map.ofEntries(
                Map.entry("CONNECT", "220 peer.test ready"),
                Map.entry("HELO", "250 peer.test"),
                Map.entry("STARTTLS", "220 2.0.0 go ahead"),
                Map.entry("AUTH", "235 2.7.0 welcome"),
                Map.entry("MAIL", "250 2.1.0 sender fine"),
                Map.entry("RCPT", "250 2.1.5 recipient fine"),
                Map.entry("DATA", "354 go ahead"),
                Map.entry("BDAT", "250 2.0.0 taken"),
                Map.entry(".", "250 2.0.0 taken"),
                Map.entry("RSET", "250 2.0.0 forgotten"),
                Map.entry("NOOP", "250 2.0.0 idle"),
                Map.entry("QUIT", "221 2.0.0 bye"),
                Map.entry("*", "500 5.5.2 unknown"));
    }
}
