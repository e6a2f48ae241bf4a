package io.spooler.shell.control;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;

/**
 * One command run by a Gogo, as the control socket does.
 *
 * @param status exit status
 * @param out output
 * @param err error output
 */
public record Runs(int status, String out, String err) {

    /**
     * Runs.
     *
     * @param processor a Gogo
     * @param command a command line
     * @return what came of it
     */
    public static Runs of(CommandProcessor processor, String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new GogoRunner(processor)
                .run(
                        command,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Runs(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
