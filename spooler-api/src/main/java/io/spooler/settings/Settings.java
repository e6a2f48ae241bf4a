package io.spooler.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the properties of a component as settings. Every wrong value and every unknown key is remembered while reading;
 * {@link #check()} then refuses all of them at once, so that the component can keep its former settings.
 *
 * <pre>{@code
 * Settings s = Settings.of("io.spooler.example", properties);
 * int port = s.integer("port", 2525, 0, 65535);
 * s.check();
 * }</pre>
 *
 * <p>Not thread-safe; use one per configuration.
 */
public final class Settings {

    private static final String FILE = "felix.fileinstall.filename";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kKmMgG]?)");

    private final String where;
    private final Map<String, ?> properties;
    private final TreeSet<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(String where, Map<String, ?> properties) {
        this.where = where;
        this.properties = properties;
    }

    /**
     * Starts to read.
     *
     * @param pid name of the configuration, used where it did not come from a file
     * @param properties as given to the component; framework and component properties (with a dot in the key) are not
     *     settings
     * @return a reader
     */
    public static Settings of(String pid, Map<String, ?> properties) {
        Object file = properties.get(FILE);
        String where = file == null ? pid : file.toString().replaceFirst(".*/", "");
        return new Settings(where, properties);
    }

    /**
     * A text.
     *
     * @param key the setting
     * @param absent the value where it is not set or empty
     * @return the value without surrounding space
     */
    public String text(String key, String absent) {
        known.add(key);
        Object value = properties.get(key);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? absent : text;
    }

    /**
     * A path of this system.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @return the path, as given; that of {@code absent} if it is not allowed
     */
    public Path path(String key, String absent) {
        String text = text(key, absent);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            refuse(key, text, "a path of this system");
            return Path.of(absent);
        }
    }

    /**
     * A whole number.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @param least the least allowed value
     * @param most the largest allowed value
     * @return the value; {@code absent} if it is not allowed
     */
    public int integer(String key, int absent, int least, int most) {
        String allowed = "a whole number from " + least + " to " + most;
        return value(key, absent, allowed, text -> {
            int number = Integer.parseInt(text);
            return number < least || number > most ? null : number;
        });
    }

    /**
     * A number of octets: a whole number, with {@code k}, {@code M} or {@code G} for powers of 1 024 if wanted.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @param least the least allowed value
     * @param most the largest allowed value
     * @return octets; {@code absent} if the value is not allowed
     */
    public long size(String key, long absent, long least, long most) {
        String allowed = "a number of bytes from " + least + " to " + most + ", k, M or G may follow";
        return value(key, absent, allowed, text -> {
            Matcher m = SIZE.matcher(text);
            if (!m.matches()) {
                return null;
            }
            int shift = 10 * "kmg".indexOf(m.group(2).toLowerCase(Locale.ROOT)) + 10;
            long number = Long.parseLong(m.group(1)) << (m.group(2).isEmpty() ? 0 : shift);
            return number < least || number > most ? null : number;
        });
    }

    /**
     * A length of time: a whole number and one of {@code ms s m h d}.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @param least the least allowed value
     * @param most the largest allowed value
     * @return the duration; {@code absent} if the value is not allowed
     */
    public Duration duration(String key, Duration absent, Duration least, Duration most) {
        String allowed = "a number and ms, s, m, h or d, from " + show(least) + " to " + show(most);
        return value(key, absent, allowed, text -> {
            Matcher m = DURATION.matcher(text);
            if (!m.matches()) {
                return null;
            }
            long n = Long.parseLong(m.group(1));
            Duration d = switch (m.group(2)) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
            };
            return d.compareTo(least) < 0 || d.compareTo(most) > 0 ? null : d;
        });
    }

    private static String show(Duration d) {
        long ms = d.toMillis();
        if (ms == 0 || ms % 1000 != 0) {
            return ms + "ms";
        }
        if (d.toSeconds() % 60 != 0) {
            return d.toSeconds() + "s";
        }
        return d.toMinutes() % 60 != 0
                ? d.toMinutes() + "m"
                : d.toHours() % 24 != 0 ? d.toHours() + "h" : d.toDays() + "d";
    }

    /**
     * True or false.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @return the value; {@code absent} if it is not allowed
     */
    public boolean flag(String key, boolean absent) {
        return choice(key, absent ? "true" : "false", "true", "false").equals("true");
    }

    /**
     * One of several words, compared without case.
     *
     * @param key the setting
     * @param absent the value where it is not set
     * @param allowed the words
     * @return the word as given in {@code allowed}; {@code absent} if the value is not allowed
     */
    public String choice(String key, String absent, String... allowed) {
        return value(
                key,
                absent,
                "one of " + String.join(", ", allowed),
                text -> Arrays.stream(allowed)
                        .filter(word -> word.equalsIgnoreCase(text))
                        .findFirst()
                        .orElse(null));
    }

    /**
     * A list: separated by commas or white space, or an array or collection.
     *
     * @param <T> what the elements are
     * @param key the setting
     * @param allowed says what an element must be
     * @param parser makes an element; throws IllegalArgumentException for a wrong one
     * @return the elements that are right, in order
     */
    public <T> List<T> list(String key, String allowed, Function<String, T> parser) {
        known.add(key);
        List<T> result = new ArrayList<>();
        for (String element : elements(properties.get(key))) {
            try {
                result.add(parser.apply(element));
            } catch (IllegalArgumentException e) {
                refuse(key, element, allowed);
            }
        }
        return List.copyOf(result);
    }

    private static List<String> elements(@org.jspecify.annotations.Nullable Object value) {
        List<?> parts = List.of();
        if (value instanceof Object[] array) {
            parts = Arrays.asList(array);
        } else if (value instanceof Collection<?> collection) {
            parts = List.copyOf(collection);
        } else if (value != null) {
            parts = Arrays.asList(value.toString().split("[,\\s]+"));
        }
        return parts.stream()
                .map(p -> p.toString().strip())
                .filter(p -> !p.isEmpty())
                .toList();
    }

    private <T> T value(
            String key, T absent, String allowed, Function<String, @org.jspecify.annotations.Nullable T> parser) {
        String text = text(key, "");
        if (text.isEmpty()) {
            return absent;
        }
        T result;
        try {
            result = parser.apply(text);
        } catch (NumberFormatException e) {
            result = null;
        }
        if (result == null) {
            refuse(key, text, allowed);
            return absent;
        }
        return result;
    }

    /**
     * Refuses a value for a reason that the reading methods do not know.
     *
     * @param key the setting
     * @param value what it is; never a secret
     * @param allowed what it must be
     */
    public void refuse(String key, String value, String allowed) {
        problems.add(where + ": " + key + "=" + value + " is not allowed; allowed is " + allowed);
    }

    /**
     * Ends the reading.
     *
     * @throws SettingsException if a value was wrong or a key is unknown
     */
    public void check() throws SettingsException {
        for (String key : new TreeSet<>(properties.keySet())) {
            if (!known.contains(key) && key.indexOf('.') < 0) {
                problems.add(where + ": " + key + " is unknown; known are " + String.join(", ", known));
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(List.copyOf(problems));
        }
    }
}
