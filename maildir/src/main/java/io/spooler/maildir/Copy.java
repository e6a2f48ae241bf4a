package io.spooler.maildir;

import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolId;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message as a file of a Maildir: {@code SECONDS.ID.spooler,S=SIZE}, and behind {@code :2,} the flags, in {@code cur} only.
 * The id makes it unique and is found again whatever a reader does to the flags.
 *
 * @param id the filed message
 * @param file where it is
 * @param base its name without flags
 * @param flags letters, in order
 */
record Copy(SpoolId id, Path file, String base, String flags) {

    private static final Pattern NAME =
            Pattern.compile("(?<base>\\d+\\.(?<id>[0-9A-Z]{26})\\.spooler(,[^:]*)?)(:2,(?<flags>[A-Za-z]*))?");

    /** Maildir knows one letter for each of the flags of IMAP (RFC 3501 section 2.3.2). */
    private static final Map<String, String> LETTERS =
            Map.of("\\draft", "D", "\\flagged", "F", "\\answered", "R", "\\seen", "S", "\\deleted", "T");

    /** Reads the name of a file; empty if it is none of ours. */
    static Optional<Copy> of(Path file) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String flags = matcher.group("flags");
        return Optional.of(
                new Copy(SpoolId.parse(matcher.group("id")), file, matcher.group("base"), flags == null ? "" : flags));
    }

    /** The name of a message, without flags. */
    static String base(Entry entry) {
        return entry.received().getEpochSecond() + "." + entry.id() + ".spooler,S=" + entry.size();
    }

    /** The letters of the flags that Maildir knows. */
    static String letters(Set<String> flags) {
        Set<String> letters = new TreeSet<>();
        flags.forEach(flag -> {
            String letter = LETTERS.get(flag.toLowerCase(Locale.ROOT));
            if (letter != null) {
                letters.add(letter);
            }
        });
        return String.join("", letters);
    }

    /** Our flags and further letters: what a reader has set stays. */
    String flagsWith(String letters) {
        Set<String> all = new TreeSet<>();
        (flags + letters).chars().forEach(c -> all.add(String.valueOf((char) c)));
        return String.join("", all);
    }

    /** The Maildir that it is in. */
    Path maildir() {
        return file.resolveSibling("").resolveSibling("");
    }

    /** Where it is, or would be, in a Maildir: without flags a new one stays new. */
    Path in(Path maildir, String letters) {
        boolean isNew = letters.isEmpty() && file.resolveSibling("").endsWith("new");
        return isNew
                ? maildir.resolve("new").resolve(base)
                : maildir.resolve("cur").resolve(base + ":2," + letters);
    }
}
