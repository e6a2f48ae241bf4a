package io.spooler.smtp.users;

import io.spooler.access.Users;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users from a file: one a line, {@code NAME:SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY}, which is PostgreSQL's
 * way to write it; empty lines and lines with {@code #} in front say nothing. Read again when it changes. Thread-safe;
 * reads the file, and hashes slowly.
 */
final class FileUsers implements Users {

    private static final Logger LOG = LoggerFactory.getLogger(FileUsers.class);
    private static final Pattern LINE =
            Pattern.compile("([^:\\p{Cntrl}]+):SCRAM-SHA-256\\$(\\d{1,9}):([^$:]+)\\$([^$:]+):([^$:]+)");
    private static final long MOST = 16L << 20;
    /** Hashed in place of a user who does not exist, so that the time does not tell. */
    private static final Scram NOBODY = new Scram(100_000, "bm9ib2R5", "A".repeat(43) + "=", "A".repeat(43) + "=");

    private final Path file;
    private Map<String, Scram> users = Map.of();
    private long seenTime = Long.MIN_VALUE;
    private long seenSize;

    FileUsers(Path file) {
        this.file = file;
    }

    @Override
    public boolean verify(String name, String password) throws IOException {
        Scram keys = present().get(name);
        boolean matches = ScramHash.matches(keys == null ? NOBODY : keys, password);
        return matches && keys != null;
    }

    @Override
    public Optional<Scram> scram(String name) throws IOException {
        return Optional.ofNullable(present().get(name));
    }

    private synchronized Map<String, Scram> present() throws IOException {
        long time = Files.getLastModifiedTime(file).toMillis();
        long size = Files.size(file);
        if (time != seenTime || size != seenSize) {
            if (size > MOST) {
                throw new IOException(file + " is larger than 16 MiB");
            }
            users = read();
            seenTime = time;
            seenSize = size;
        }
        return users;
    }

    private Map<String, Scram> read() throws IOException {
        Map<String, Scram> result = new HashMap<>();
        int number = 0;
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\\R", -1)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#") && !add(line.strip(), result)) {
                LOG.error("{}: line {} is no user, or one a second time; it is left out", file, number);
            }
        }
        LOG.info("{}: {} users", file, result.size());
        return result;
    }

    private static boolean add(String line, Map<String, Scram> to) {
        Matcher m = LINE.matcher(line);
        if (!m.matches() || to.containsKey(m.group(1))) {
            return false;
        }
        try {
            to.put(m.group(1), new Scram(Integer.parseInt(m.group(2)), m.group(3), m.group(4), m.group(5)));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
