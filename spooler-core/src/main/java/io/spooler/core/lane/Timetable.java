package io.spooler.core.lane;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When deliveries may begin. By the wall clock of a zone: a window that the change to summer time skips comes as much later,
 * one that the change back repeats is opened and closed the first time.
 *
 * @param zone whose clock counts
 * @param windows of all destinations; none for always
 */
public record Timetable(ZoneId zone, List<Window> windows) {

    /** What {@link #parse} reads, for people. */
    public static final String ALLOWED = "HH:MM-HH:MM, TRANSPORT=HH:MM-HH:MM or TRANSPORT/LANE=HH:MM-HH:MM, such as"
            + " 22:00-06:00; up to 24:00, not from and to the same time";

    private static final Pattern FORM = Pattern.compile("(?:(.+)=)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

    // The next window of a day that has none by itself, as its clock jumps over it, is a day further.
    private static final int DAYS = 3;

    /** Copies. */
    public Timetable {
        windows = List.copyOf(windows);
    }

    /**
     * A time of the day, each day.
     *
     * @param where {@code transport} or {@code transport/lane}; empty for all
     * @param from the first moment
     * @param to the first moment behind it, perhaps on the next day
     */
    public record Window(String where, LocalTime from, LocalTime to) {

        private boolean isAbout(String transport, String lane) {
            return where.isEmpty() || where.equals(transport) || where.equals(transport + "/" + lane);
        }
    }

    /**
     * Reads a window.
     *
     * @param text such as {@code smtp/example.org=22:00-06:00}
     * @return the window
     * @throws IllegalArgumentException if it is not as {@link #ALLOWED} says
     */
    public static Window parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(text);
        }
        LocalTime from = time(m.group(2));
        boolean midnight = m.group(3).equals("24:00");
        LocalTime to = midnight ? LocalTime.MIDNIGHT : time(m.group(3));
        if (from.equals(to) && !midnight) {
            throw new IllegalArgumentException(text);
        }
        return new Window(m.group(1) == null ? "" : m.group(1), from, to);
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /**
     * How long a destination has to wait. Of the windows that are about it the most exactly named ones count, each of them.
     *
     * @param transport name of the transport
     * @param lane name of the lane
     * @param now the present time
     * @return until its next window opens; zero if one is open, or none is about it
     */
    public Duration closedFor(String transport, String lane, Instant now) {
        if (windows.isEmpty()) {
            return Duration.ZERO;
        }
        List<Window> about =
                windows.stream().filter(w -> w.isAbout(transport, lane)).toList();
        int exact = about.stream().mapToInt(w -> w.where.length()).max().orElse(0);
        return about.stream()
                .filter(w -> w.where.length() == exact)
                .map(w -> closedFor(w, now))
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Looks from yesterday on: its window may last into today. */
    private Duration closedFor(Window window, Instant now) {
        LocalDate yesterday = now.atZone(zone).toLocalDate().minusDays(1);
        for (int i = 0; i <= DAYS; i++) {
            LocalDate day = yesterday.plusDays(i);
            boolean overnight = !window.to.isAfter(window.from);
            Instant from = day.atTime(window.from).atZone(zone).toInstant();
            Instant to = day.plusDays(overnight ? 1 : 0)
                    .atTime(window.to)
                    .atZone(zone)
                    .toInstant();
            if (now.isBefore(to) && from.isBefore(to)) {
                return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
            }
        }
        return Duration.ZERO;
    }
}
