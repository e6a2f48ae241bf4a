package io.spooler.itests.instance;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Python's email package and flufl.bounce, which Mailman reads bounces with. */
final class ReportReader {

    private final String python;
    private final Path script;

    private ReportReader(String python, Path script) {
        this.python = python;
        this.script = script;
    }

    /** Skips the test, loudly, where there is no Python that has what it needs. */
    static ReportReader in(Path directory) throws IOException {
        String python = Program.tool("python3", ReportReader::isFit, "apt-get install python3-flufl.bounce");
        try (InputStream in = ReportReader.class.getResourceAsStream("read_report.py")) {
            Path script = directory.resolve("read_report.py");
            Files.copy(in, script);
            return new ReportReader(python, script);
        }
    }

    private static boolean isFit(Path python) {
        try {
            Process process = new ProcessBuilder(python.toString(), "-c", "import flufl.bounce")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return Program.end(process).status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What they understood. */
    Seen read(byte[] report) throws IOException {
        Process process = new ProcessBuilder(python, script.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(report);
        }
        return new Seen(JSON.std.mapFrom(Program.end(process).ok()));
    }

    /** The script's answer. */
    record Seen(Map<String, Object> facts) {

        String text(String name) {
            return String.valueOf(facts.get(name));
        }

        /** A field of the header, or of the part for programs: name in lower case. */
        String field(String block, String name) {
            return String.valueOf(((Map<?, ?>) facts.get(block)).get(name));
        }

        /** The blocks of the recipients. */
        @SuppressWarnings("unchecked") // The script writes it so.
        List<Map<String, String>> recipients() {
            return (List<Map<String, String>>) facts.get("recipients");
        }

        List<?> list(String name) {
            return (List<?>) facts.get(name);
        }
    }
}
