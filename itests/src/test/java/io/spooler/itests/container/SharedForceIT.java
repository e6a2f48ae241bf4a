package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.util.tracker.ServiceTracker;

/** Many sessions of the listener that end their messages at the same time share forces of the file store. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class SharedForceIT extends ContainerTest {

    private static final int SESSIONS = 40;
    private static final int ROUNDS = 5;
    private static final int PATIENCE_MS = 30_000;
    private static final String FORCE = "jdk.FileForce";

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler("transport-smtp")};
    }

    @Test
    public void sessionsThatEndTheirMessagesTogetherShareForces() throws Exception {
        Setup.listener();
        int port = port();
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                clients.add(new Client(port));
            }
            long forces = forces(clients);
            System.out.println(SESSIONS * ROUNDS + " messages of " + SESSIONS + " sessions: " + forces + " forces");
            assertThat(forces).as("forces of the journal").isPositive().isLessThan(SESSIONS * ROUNDS / 3);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private int port() throws Exception {
        var tracker = new ServiceTracker<Object, Object>(
                context, context.createFilter("(spooler.listener.address=127.0.0.1:*)"), null);
        tracker.open();
        try {
            assertThat(tracker.waitForService(PATIENCE_MS)).as("a listener").isNotNull();
            String address = String.valueOf(tracker.getServiceReference().getProperty("spooler.listener.address"));
            return Integer.parseInt(address.substring(address.indexOf(':') + 1));
        } finally {
            tracker.close();
        }
    }

    private static long forces(List<Client> clients) throws Exception {
        Path file = Files.createTempFile(Path.of(System.getProperty("spooler.itests.base")), "forces", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(FORCE).withThreshold(Duration.ZERO);
            recording.start();
            for (int i = 0; i < ROUNDS; i++) {
                round(clients);
            }
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(FORCE))
                .count();
    }

    private static void round(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.ask("MAIL FROM:<sender@client.test>", "250");
            client.ask("RCPT TO:<ann@spooler.local>", "250");
            client.ask("DATA", "354");
        }
        for (Client client : clients) {
            client.send("Subject: together\r\n\r\ntext\r\n.");
        }
        for (Client client : clients) {
            client.expect("250 2.0.0 queued as ");
        }
    }

    /** A session that has greeted. */
    private static final class Client {

        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            expect("220");
            ask("HELO client.test", "250");
        }

        void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        void expect(String reply) throws IOException {
            assertThat(in.readLine()).startsWith(reply);
        }

        void ask(String line, String reply) throws IOException {
            send(line);
            expect(reply);
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
