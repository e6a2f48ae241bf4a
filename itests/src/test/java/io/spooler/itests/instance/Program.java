package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** Runs programs: bin/spooler of the built distribution, and tools of the system. */
final class Program {

    /** The built distribution. */
    static final Path HOME =
            Path.of(System.getProperty("spooler.home")).toAbsolutePath().normalize();

    private static final List<Path> PLACES = places();
    private static final long PATIENCE_SECONDS = 90;

    private Program() {}

    private static List<Path> places() {
        List<Path> places = new ArrayList<>();
        for (String place : System.getenv("PATH").split(":", -1)) {
            places.add(Path.of(place));
        }
        // Debian keeps servers where the path of a user does not lead.
        places.add(Path.of("/usr/sbin"));
        places.add(Path.of("/usr/local/sbin"));
        return places;
    }

    /** A tool that the test cannot do without: where it is missing, the test is skipped and says so. */
    static String tool(String name, String cure) {
        return tool(name, path -> true, cure);
    }

    /** The same where not every tool of that name will do. */
    static String tool(String name, Predicate<Path> fits, String cure) {
        for (Path place : PLACES) {
            if (Files.isExecutable(place.resolve(name)) && fits.test(place.resolve(name))) {
                return place.resolve(name).toString();
            }
        }
        Assumptions.abort("NOT TESTED: " + name + " is missing, or not fit; cure: " + cure);
        throw new AssertionError("not reached");
    }

    /** Starts bin/spooler; its standard input is empty. */
    static Process spooler(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("bin/spooler").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Runs bin/spooler to its end. */
    static Ran run(String... arguments) throws IOException {
        return end(spooler(Map.of(), arguments));
    }

    /** Waits for the end of a process. */
    static Ran end(Process process) {
        Output output = new Output(process.info().command().orElse("child"), process.getInputStream());
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end within " + PATIENCE_SECONDS + " s; " + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError("interrupted", e);
        }
        return new Ran(process.exitValue(), output.text(PATIENCE_SECONDS));
    }
}
