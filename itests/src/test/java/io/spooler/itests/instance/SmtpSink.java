package io.spooler.itests.instance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Postfix' own test server as a next hop; writes each message to a file: some header lines of its own with the envelope,
 * then the message with LF as line end, then an empty line.
 */
final class SmtpSink implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path directory;

    private SmtpSink(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Skips the test, loudly, where there is no smtp-sink. */
    static String require() {
        return Program.tool("smtp-sink", "apt-get install postfix");
    }

    static SmtpSink start(Path directory, int port) throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(List.of(require()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(List.of("-d", directory.resolve("mail.").toString(), "127.0.0.1:" + port, "100"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await("smtp-sink to answer").atMost(PATIENCE).until(() -> answers(port));
        return new SmtpSink(process, directory);
    }

    private static boolean answers(int port) {
        try (Smtp smtp = Smtp.to(port)) {
            return smtp.say("QUIT").startsWith("221");
        } catch (IOException e) {
            return false;
        }
    }

    /** What came so far. A message that got its reply is complete. */
    List<Dump> dumps() throws IOException {
        List<Dump> dumps = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("mail."))
                    .toList()) {
                dumps.add(new Dump(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)));
            }
        }
        return dumps;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** One file. */
    record Dump(String text) {

        /** The recipients of the transaction, bare addresses. */
        List<String> recipients() {
            return text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith("X-Rcpt-Args: "))
                    .map(line -> line.replaceFirst(".*<(.*)>.*", "$1"))
                    .toList();
        }

        /** The message as the server got it, without the server's own header lines. */
        String message() {
            int own = text.indexOf("Received: from ");
            int end = text.indexOf('\n', text.indexOf("\n\t", text.indexOf("\n\t", own) + 1) + 1) + 1;
            return text.substring(end, text.length() - 1);
        }
    }
}
