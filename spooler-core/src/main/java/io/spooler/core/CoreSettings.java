package io.spooler.core;

import io.spooler.Address;
import io.spooler.core.claim.Pump;
import io.spooler.core.lane.LaneSettings;
import io.spooler.core.lane.Rate;
import io.spooler.core.lane.Timetable;
import io.spooler.core.receive.ReceiveFolders;
import io.spooler.core.receive.ReceiveSettings;
import io.spooler.core.report.ReportSettings;
import io.spooler.core.route.Backoff;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of the core.
 *
 * @param retry when to try again, and when to give up
 * @param transports names of transports in the order in which they are asked, before all others
 * @param startWait so long after a start, routing waits for those of {@code transports} that are missing
 * @param maxWait a recipient that no transport claims is given up after this time
 * @param lanes rests, limits and rates of destinations
 * @param window most recipients in work
 * @param deliveryTimeout time for one consignment
 * @param hookTimeout time for all hooks of one message
 * @param grace time for a leaving transport to finish
 * @param undoWindow nothing that a client submits is due before so much time has passed; zero for at once
 * @param hostname name of this system in reports; empty for the name of the machine
 * @param reports what is reported, and how
 * @param receive what comes in
 */
record CoreSettings(
        Backoff retry,
        List<String> transports,
        Duration startWait,
        Duration maxWait,
        LaneSettings lanes,
        int window,
        Duration deliveryTimeout,
        Duration hookTimeout,
        Duration grace,
        Duration undoWindow,
        String hostname,
        ReportSettings reports,
        ReceiveSettings receive)
        implements Pump.Limits {

    static final String PID = "io.spooler.core";

    private static final String POSTMASTER = "LOCAL:postmaster";
    private static final String NAMES = "names of transports, each once, at most 255 characters, none for control";
    private static final int LONGEST_NAME = 255;
    private static final long KIB = 1024;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(365);

    static CoreSettings read(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        Backoff retry = retry(s);
        Duration hookTimeout = s.duration("hook_timeout", Duration.ofMinutes(1), SECOND, HOUR);
        CoreSettings settings = new CoreSettings(
                retry,
                transports(s),
                s.duration("start_wait", Duration.ofMinutes(1), Duration.ZERO, HOUR),
                s.duration("max_wait", DAY.multipliedBy(5), SECOND, YEAR),
                lanes(s),
                s.integer("window", 20_000, 1, 10_000_000),
                s.duration("delivery_timeout", Duration.ofMinutes(15), SECOND, HOUR.multipliedBy(12)),
                hookTimeout,
                s.duration("grace", SECOND.multipliedBy(10), Duration.ZERO, Duration.ofMinutes(5)),
                s.duration("undo_window", Duration.ZERO, Duration.ZERO, DAY),
                s.text("hostname", ""),
                reports(s, retry),
                receive(s, hookTimeout));
        s.check();
        return settings;
    }

    private static Backoff retry(Settings s) {
        return new Backoff(
                s.duration("retry_first", Duration.ofMinutes(5), SECOND, DAY),
                s.duration("retry_longest", HOUR.multipliedBy(4), SECOND, DAY.multipliedBy(7)),
                s.duration("asked_least", SECOND, SECOND, HOUR),
                askedMost(s),
                s.duration("max_age", DAY.multipliedBy(5), SECOND, YEAR));
    }

    /** Refused whole if one of them is wrong: half an order is another one (R30). */
    private static List<String> transports(Settings s) {
        List<String> names = s.list("transports", NAMES, CoreSettings::name);
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).forEach(name -> s.refuse("transports", name, NAMES));
        return names;
    }

    private static String name(String text) {
        if (text.length() > LONGEST_NAME || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("no name of a transport");
        }
        return text;
    }

    private static LaneSettings lanes(Settings s) {
        return new LaneSettings(
                s.duration("rest_first", SECOND, Duration.ofMillis(10), HOUR),
                s.duration("rest_longest", Duration.ofMinutes(5), Duration.ofMillis(10), DAY),
                askedMost(s),
                s.integer("lane_concurrency", 40, 1, 10_000),
                s.list("lane_rate", Rate.ALLOWED, Rate::parse),
                s.list("transport_rate", Rate.ALLOWED, Rate::parse),
                new Timetable(zone(s), s.list("delivery_window", Timetable.ALLOWED, Timetable::parse)));
    }

    private static ZoneId zone(Settings s) {
        String text = s.text("delivery_zone", ZoneId.systemDefault().getId());
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            s.refuse("delivery_zone", text, "the name of a zone, such as Europe/Lisbon or UTC");
            return ZoneOffset.UTC;
        }
    }

    private static Duration askedMost(Settings s) {
        return s.duration("asked_longest", DAY, SECOND, DAY.multipliedBy(7));
    }

    private static ReportSettings reports(Settings s, Backoff retry) {
        return new ReportSettings(
                s.duration("delay_notice", HOUR.multipliedBy(4), Duration.ZERO, YEAR),
                retry.maxAge(),
                s.choice("report_language", "en", ReportSettings.languages()),
                s.size("report_return_limit", 50 * KIB, 0, 1024 * KIB),
                postmaster(s));
    }

    private static ReceiveSettings receive(Settings s, Duration hookTimeout) {
        return new ReceiveSettings(
                s.integer("receptions", 64, 1, 10_000),
                s.size("receive_limit", 50 * KIB * KIB, KIB, KIB * KIB * KIB * KIB),
                s.duration("receive_timeout", HOUR, SECOND, DAY),
                hookTimeout,
                new ReceiveFolders(s.list("receive_folders", ReceiveFolders.ALLOWED, ReceiveFolders::parse)),
                s.flag("read_reports", false));
    }

    private static Address postmaster(Settings s) {
        String text = s.text("postmaster", POSTMASTER);
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            s.refuse("postmaster", text, "an address, or TYPE:address");
            return Address.parse(POSTMASTER);
        }
    }

    static CoreSettings defaults() {
        try {
            return read(Map.of());
        } catch (SettingsException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Longer than any consignment, with room for the line in front of it. */
    @Override
    public Duration lease() {
        return deliveryTimeout.plus(deliveryTimeout).plus(HOUR); // For each claim: to multiply takes a BigDecimal.
    }
}
