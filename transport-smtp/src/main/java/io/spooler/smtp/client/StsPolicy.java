package io.spooler.smtp.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a domain says of its mail exchangers (RFC 8461 section 3.2).
 *
 * @param enforced whether mail may go nowhere else; what is only tested, or taken back, binds nobody
 * @param exchangers their names, in lower case; {@code *.} in front stands for one label
 * @param maxAge how long it holds
 */
record StsPolicy(boolean enforced, List<String> exchangers, Duration maxAge) {

    private static final int MOST_EXCHANGERS = 100;
    private static final long LONGEST = 31_557_600;

    /**
     * Reads one.
     *
     * @param text as fetched
     * @return empty if it is none
     */
    static Optional<StsPolicy> parse(String text) {
        Map<String, String> values = new HashMap<>();
        List<String> exchangers = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            String key = colon < 0 ? "" : line.substring(0, colon).strip();
            if (key.equals("mx")) {
                exchangers.add(value);
            } else {
                values.putIfAbsent(key, value);
            }
        }
        String mode = values.getOrDefault("mode", "");
        String age = values.getOrDefault("max_age", "");
        boolean enforced = mode.equals("enforce");
        boolean whole = values.getOrDefault("version", "").equals("stsv1")
                && (enforced || mode.equals("testing") || mode.equals("none"))
                && age.matches("\\d{1,10}")
                && exchangers.size() <= MOST_EXCHANGERS
                && (mode.equals("none") || !exchangers.isEmpty());
        return whole
                ? Optional.of(new StsPolicy(
                        enforced, List.copyOf(exchangers), Duration.ofSeconds(Math.min(LONGEST, Long.parseLong(age)))))
                : Optional.empty();
    }

    /** Whether mail may go to a host (RFC 8461 section 4.1). */
    boolean allows(String host) {
        return exchangers.stream().anyMatch(each -> CertificateNames.matches(each, host));
    }
}
