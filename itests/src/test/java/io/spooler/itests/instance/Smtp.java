package io.spooler.itests.instance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare SMTP client: says what it is told and gives back the last line of each reply. One thread. */
final class Smtp implements AutoCloseable {

    private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 queued as ([0-9A-Z]{26})");
    private static final int PATIENCE_MS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private Smtp(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
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
        Smtp smtp = new Smtp(new Socket(Ports.loopback(), port));
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
        socket.close();
    }
}
