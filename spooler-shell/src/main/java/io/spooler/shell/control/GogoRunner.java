package io.spooler.shell.control;

import io.spooler.Reply;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in Gogo, each in a session of its own, without input.
 *
 * <p>The framework's own commands do not throw: they give back what went wrong as their result. Where that is known, it
 * counts as a failure, too. Known limit: of several statements on one line only the last one's result is looked at.
 */
final class GogoRunner implements CommandRunner {

    /** Commands that can be given without their scope, in this order. */
    private static final String SCOPES = "spooler:felix:*";

    /** These answer nothing unless something went wrong. */
    private static final Set<String> SILENT = Set.of("start", "stop", "uninstall", "update", "refresh");

    private static final Pattern INSTALLED = Pattern.compile("(Bundle IDs?: [0-9, ]+\\s*)?");

    private final CommandProcessor processor;

    /**
     * A runner.
     *
     * @param processor of Gogo
     */
    GogoRunner(CommandProcessor processor) {
        this.processor = processor;
    }

    @Override
    public int run(String command, PrintStream out, PrintStream err) {
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), out, err)) {
            session.put("SCOPE", SCOPES);
            // Words are taken as they are: a text for a message may well hold a star.
            session.put(CommandSession.OPTION_NO_GLOB, true);
            Object result = session.execute(command);
            CharSequence text = result == null ? "" : session.format(result, Converter.INSPECT);
            return print(text, isFailure(command, text) ? err : out, err);
        } catch (Exception | LinkageError e) {
            // A linkage error: the command's bundle has gone meanwhile.
            err.println("error: " + message(e));
            return 1;
        }
    }

    private static int print(CharSequence text, PrintStream target, PrintStream err) {
        if (!text.isEmpty()) {
            target.print(text);
            target.print(text.charAt(text.length() - 1) == '\n' ? "" : "\n");
        }
        return target == err ? 1 : 0;
    }

    private static boolean isFailure(String command, CharSequence result) {
        String name = command.strip().split("[\\s;|]", 2)[0].replaceFirst("^felix:", "");
        return (SILENT.contains(name) && !result.toString().isBlank())
                || (name.equals("install") && !INSTALLED.matcher(result).matches());
    }

    private static String message(Throwable e) {
        @Nullable String message = e.getMessage();
        return Reply.clean(message == null ? e.toString() : message);
    }

    @Override
    public boolean isInside() {
        return Job.Utils.current() != null;
    }
}
