package io.spooler.itests.instance;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A bare SMTP client: says what it is told and gives back the last line of each reply. One thread. */
final class Smtp implements AutoCloseable {

    private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 queued as ([0-9A-Z]{26})");
    private static final int PATIENCE_MS = 30_000;

    private final Closeable connection;
    private final Closeable half;
    private final BufferedReader in;
    private final OutputStream out;

    private Smtp(Closeable connection, Closeable half, InputStream in, OutputStream out) {
        this.connection = connection;
        this.half = half;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        this.out = out;
    }

    /** Speaks by means of a program that connects, and does not greet. The time limit is the test's. */
    static Smtp by(Process process) {
        return new Smtp(
                process::destroyForcibly,
                process.getOutputStream(),
                process.getInputStream(),
                process.getOutputStream());
    }

    /** Connects and greets. */
    static Smtp to(int port) throws IOException {
        return to(port, "EHLO");
    }

    /** Connects and greets as a client of LMTP. */
    static Smtp lmtp(int port) throws IOException {
        return to(port, "LHLO");
    }

    private static Smtp to(int port, String hello) throws IOException {
        Socket socket = new Socket(Ports.loopback(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        Smtp smtp = new Smtp(socket, socket::shutdownOutput, socket.getInputStream(), socket.getOutputStream());
        smtp.reply();
        smtp.say(hello + " client.test");
        return smtp;
    }

    /** The last line of the next reply. */
    String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the server has closed the connection");
        }
        return line;
    }

    String say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return reply();
    }

    /** Sends one message; the text must have no line that begins with a dot. */
    String send(String from, String text, String... recipients) throws IOException {
        say("MAIL FROM:<" + from + ">");
        for (String recipient : recipients) {
            say("RCPT TO:<" + recipient + ">");
        }
        String go = say("DATA");
        return go.startsWith("354") ? say(text.replace("\n", "\r\n") + "\r\n.") : go;
    }

    /** Sends a content of which every line ends with CR LF; DATA must have been said. */
    String content(byte[] octets) throws IOException {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        return say((text.startsWith(".") ? "." : "") + text.replace("\r\n.", "\r\n..") + ".");
    }

    /** A command with characters beyond ASCII, which go out as UTF-8. */
    String sayInternational(String line) throws IOException {
        return say(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** Sends octets and waits for nothing. */
    void write(String latin1) throws IOException {
        out.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Ends its half of the connection, in the middle of whatever it is; all that the server said until it did the same. */
    String cut() throws IOException {
        half.close();
        return in.lines().collect(Collectors.joining("\n"));
    }

    /** Sends one message that must be accepted, and gives back its spool id. */
    String queue(String subject, String... recipients) throws IOException {
        return id(send("sender@client.test", "Subject: " + subject + "\n\n" + subject + "\n", recipients));
    }

    static String id(String reply) {
        Matcher matcher = QUEUED.matcher(reply);
        if (!matcher.matches()) {
            throw new AssertionError("not accepted: " + reply);
        }
        return matcher.group(1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
