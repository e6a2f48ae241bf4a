package io.spooler.core.lane;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A limit: so many recipients in so long a time.
 *
 * @param where {@code transport} or {@code transport/lane}; empty for all
 * @param recipients how many
 * @param period in what time
 */
public record Rate(String where, int recipients, Duration period) {

    /** What {@link #parse} reads, for people. */
    public static final String ALLOWED =
            "N/TIME, TRANSPORT=N/TIME or TRANSPORT/LANE=N/TIME, such as 100/1m; N from 1 to 1000000, TIME from 1s to 1d";

    private static final Pattern FORM = Pattern.compile("(?:(.+)=)?(\\d{1,7})/(\\d{1,5})([smhd])");
    private static final int MOST = 1_000_000;
    private static final Duration DAY = Duration.ofDays(1);

    /**
     * Reads a limit.
     *
     * @param text such as {@code smtp/example.org=100/1m}
     * @return the limit
     * @throws IllegalArgumentException if it is not as {@link #ALLOWED} says
     */
    public static Rate parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(text);
        }
        int recipients = Integer.parseInt(m.group(2));
        long number = Long.parseLong(m.group(3));
        Duration period = switch (m.group(4)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (recipients < 1 || recipients > MOST || period.isZero() || period.compareTo(DAY) > 0) {
            throw new IllegalArgumentException(text);
        }
        return new Rate(m.group(1) == null ? "" : m.group(1), recipients, period);
    }

    /**
     * The time for each recipient at the most exact of the limits that are about a place.
     *
     * @param rates the limits
     * @param transport name of the transport
     * @param lane name of the lane, or null for the whole transport
     * @return nanoseconds; 0 without a limit
     */
    static long interval(List<Rate> rates, String transport, @Nullable String lane) {
        Rate found = null;
        for (Rate rate : rates) {
            boolean about = rate.where.isEmpty()
                    || rate.where.equals(transport)
                    || (lane != null && rate.where.equals(transport + "/" + lane));
            if (about && (found == null || rate.where.length() > found.where.length())) {
                found = rate;
            }
        }
        return found == null ? 0 : Math.max(1, found.period.toNanos() / found.recipients);
    }
}
