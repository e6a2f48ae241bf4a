package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads lines of the form {@code name: target, target} or {@code name@domain: target}. A line that begins with white
 * space continues the one before; {@code #} at the beginning of a line or after white space begins a comment. Targets
 * are {@code TYPE:value} or mail addresses; a local part in quotes may hold commas and {@code #}. One use.
 */
final class AliasParser {

    private final Map<String, List<Address>> targets = new LinkedHashMap<>();
    private final StringBuilder entry = new StringBuilder();
    private int entryLine;

    private AliasParser() {}

    /**
     * Reads a whole file.
     *
     * @param lines its lines
     * @return the aliases
     * @throws FormatException naming the first wrong line
     */
    static AliasTable parse(List<String> lines) throws FormatException {
        AliasParser parser = new AliasParser();
        for (int i = 0; i < lines.size(); i++) {
            parser.line(lines.get(i), i + 1);
        }
        parser.finish();
        return new AliasTable(parser.targets);
    }

    private void line(String raw, int number) throws FormatException {
        String line = String.join("", split(raw, '#').subList(0, 1));
        if (line.isBlank()) {
            return;
        }
        if (!Character.isWhitespace(line.charAt(0))) {
            finish();
            entryLine = number;
        } else if (entry.isEmpty()) {
            throw new FormatException(number, "continues nothing; an alias begins in the first column");
        }
        entry.append(line);
    }

    private void finish() throws FormatException {
        if (entry.isEmpty()) {
            return;
        }
        String text = entry.toString();
        entry.setLength(0);
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new FormatException(entryLine, "must be name: target, target, but is: " + Reply.clean(text));
        }
        if (targets.putIfAbsent(name, targets(text.substring(colon + 1))) != null) {
            throw new FormatException(entryLine, Reply.clean(name) + " is there already");
        }
    }

    private List<Address> targets(String text) throws FormatException {
        List<Address> addresses = new ArrayList<>();
        for (String target : split(text, ',')) {
            if (!target.isBlank()) {
                addresses.add(target(target.strip()));
            }
        }
        if (addresses.isEmpty()) {
            throw new FormatException(entryLine, "has no target");
        }
        return addresses;
    }

    private Address target(String text) throws FormatException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException(entryLine, "target " + Reply.clean(text) + ": " + e.getMessage());
        }
    }

    /** Splits outside of quotes; a {@code #} separates only where it begins a comment. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator
                    && !quoted
                    && (c != '#' || i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
