package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real input: 1 000 messages from Python's smtplib to Postfix' smtp-sink, one of them of 20 MB. */
@Timeout(300)
class ThousandIT {

    private static final int MESSAGES = 1000;
    private static final int LARGE = 20_000_000;
    private static final List<String> DOMAINS = List.of("example.org", "example.net", "example.com");

    @TempDir
    Path temp;

    private final Random random = new Random(42);

    @Test
    void allArriveByteForByteEachRecipientOnce() throws IOException {
        String python = Program.tool("python3", "apt-get install python3");
        SmtpSink.require();
        Path outbox = Files.createDirectories(temp.resolve("outbox"));
        for (int i = 0; i < MESSAGES; i++) {
            Files.write(outbox.resolve(i + ".eml"), message(i, i == 500 ? LARGE : 200 + random.nextInt(4000)));
            Files.write(outbox.resolve(i + ".to"), recipients(i));
        }
        int hop = Ports.free();
        try (SmtpSink sink = SmtpSink.start(temp.resolve("sink"), hop);
                Instance instance =
                        Instance.in(temp.resolve("i")).smartHost(hop).start()) {
            Map<Integer, String> ids = send(python, instance.port(), outbox);
            assertThat(ids).hasSize(MESSAGES);
            instance.shUntil("spooler:queue --count", n -> n.strip().equals("0"));
            check(outbox, sink.dumps());
            for (int i : List.of(0, 1, 2, 3, 499, 500, 501, 999)) {
                List<String> states = instance.sh("spooler:show " + ids.get(i))
                        .ok()
                        .lines()
                        .filter(line -> line.contains("@example."))
                        .toList();
                assertThat(states)
                        .hasSizeGreaterThanOrEqualTo(recipients(i).size())
                        .filteredOn(line -> line.contains("SMTP:r"))
                        .allMatch(line -> line.contains("RELAYED") && line.contains("2.0.0"));
            }
        }
    }

    private static List<String> recipients(int i) {
        int count = i % 10 == 0 ? 7 : i % 3 == 0 ? 2 : 1;
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(r -> "r" + r + "." + i + "@" + DOMAINS.get((i + r) % DOMAINS.size()))
                .toList();
    }

    /** Lines of all lengths that are allowed, some of dots, some with octets above 127. */
    private byte[] message(int i, int size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 2000);
        String head = "From: sender@client.test\r\nMessage-ID: <" + i + "@client.test>\r\n"
                + "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nSubject: number " + i + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        while (out.size() < size) {
            byte[] line = new byte[random.nextInt(random.nextInt(20) == 0 ? 990 : 80)];
            for (int k = 0; k < line.length; k++) {
                int octet = random.nextInt(200);
                line[k] = (byte) (octet < 20 ? '.' : octet < 180 ? 33 + octet % 90 : 128 + octet % 128);
            }
            out.write(line);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }

    private Map<Integer, String> send(String python, int port, Path outbox) throws IOException {
        Path script = temp.resolve("send.py");
        try (var source = ThousandIT.class.getResourceAsStream("/send.py")) {
            Files.copy(java.util.Objects.requireNonNull(source), script);
        }
        Process process = new ProcessBuilder(python, script.toString(), Integer.toString(port), outbox.toString())
                .redirectErrorStream(true)
                .start();
        return Program.end(process)
                .ok()
                .lines()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(part -> Integer.valueOf(part[0]), part -> Smtp.id(part[1])));
    }

    private static void check(Path outbox, List<SmtpSink.Dump> dumps) throws IOException {
        Map<String, Integer> arrived = new TreeMap<>();
        Map<Integer, String> sent = new HashMap<>();
        for (SmtpSink.Dump dump : dumps) {
            dump.recipients().forEach(r -> arrived.merge(r, 1, Integer::sum));
            String message = dump.message();
            int i = number(dump.recipients().get(0));
            String original = sent.computeIfAbsent(i, n -> original(outbox, n));
            assertThat(message.endsWith(original))
                    .as("message %d: %d octets arrived of %d", i, message.length(), original.length())
                    .isTrue();
            assertThat(message.substring(0, message.length() - original.length()))
                    .as("what is in front of message %d", i)
                    .matches("Received: [^\\n]*\\n([ \\t][^\\n]*\\n)*");
        }
        Map<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            recipients(i).forEach(r -> expected.put(r, 1));
        }
        assertThat(arrived).isEqualTo(expected);
    }

    private static int number(String recipient) {
        return Integer.parseInt(recipient.substring(recipient.indexOf('.') + 1, recipient.indexOf('@')));
    }

    /** As smtp-sink writes it: LF for CRLF. */
    private static String original(Path outbox, int i) {
        try {
            byte[] octets = Files.readAllBytes(outbox.resolve(i + ".eml"));
            return new String(octets, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
