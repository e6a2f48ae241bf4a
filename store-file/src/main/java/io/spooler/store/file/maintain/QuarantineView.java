package io.spooler.store.file.maintain;

import io.spooler.Content;
import io.spooler.store.StoreMaintenance.Quarantined;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was put aside. A name is looked up among those that are there, and never made into a path, so that none leads
 * anywhere else. Any thread; files come and go meanwhile.
 */
public final class QuarantineView {

    private static final Pattern OCTETS = Pattern.compile("(\\d{10})-(\\d+)\\.damaged");
    private static final Pattern SEGMENT = Pattern.compile("(\\d{10})\\.log");
    private static final Pattern MESSAGE = Pattern.compile("([0-9A-HJKMNP-TV-Z]{26})\\.damaged");
    private static final Pattern CONTENT = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    private final Path directory;

    /**
     * A view of a directory.
     *
     * @param directory need not exist: then it is empty
     */
    public QuarantineView(Path directory) {
        this.directory = directory;
    }

    /**
     * All that is there.
     *
     * @return in order of name
     * @throws IOException if it cannot be read
     */
    public List<Quarantined> list() throws IOException {
        List<Quarantined> items = new ArrayList<>();
        for (Path path : files()) {
            item(path).ifPresent(items::add);
        }
        return items;
    }

    /** Empty if it was dropped meanwhile. */
    private static Optional<Quarantined> item(Path path) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String name = path.getFileName().toString();
            Instant when = attributes.lastModifiedTime().toInstant();
            return Optional.of(new Quarantined(name, attributes.size(), when, text(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static String text(String name) {
        Matcher octets = OCTETS.matcher(name);
        if (octets.matches()) {
            return "octets of journal segment " + Long.parseLong(octets.group(1)) + " from " + octets.group(2)
                    + ", which are no whole record";
        }
        Matcher segment = SEGMENT.matcher(name);
        if (segment.matches()) {
            return "journal segment " + Long.parseLong(segment.group(1)) + ", which has no readable header";
        }
        Matcher message = MESSAGE.matcher(name);
        if (message.matches()) {
            return "the record of message " + message.group(1) + ", which cannot be read";
        }
        return CONTENT.matcher(name).matches() ? "a content that belongs to no readable message" : "not known";
    }

    private Optional<Path> find(String name) throws IOException {
        return files().stream()
                .filter(path -> path.getFileName().toString().equals(name))
                .findFirst();
    }

    /**
     * The octets of one of them.
     *
     * @param name as listed
     * @return as they are; empty if there is no such name
     * @throws IOException if it cannot be read
     */
    public Optional<Content> content(String name) throws IOException {
        Optional<Path> found = find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FileContent(found.get(), Files.size(found.get())));
    }

    /** A file that does not change. */
    private record FileContent(Path path, long size) implements Content {

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return file.read(target, position);
            }
        }
    }

    /**
     * Removes one of them.
     *
     * @param name as listed
     * @return false if there is no such name
     * @throws IOException if it cannot be removed
     */
    public boolean drop(String name) throws IOException {
        Optional<Path> found = find(name);
        return found.isPresent() && Files.deleteIfExists(found.get());
    }
}
