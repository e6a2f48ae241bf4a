package io.spooler.core.report;

import io.spooler.Address;
import java.time.Duration;

/**
 * What can be set about reports.
 *
 * @param delay a sender is told of a recipient that waits for longer; zero for never
 * @param maxAge recipients are tried until this age, unless their message says otherwise
 * @param language of the text for people: a language that there is a file of words for
 * @param returnLimit reports of failure return whole messages up to this size in octets, and the header of larger ones
 * @param postmaster who hears of a report that could not be delivered
 */
public record ReportSettings(Duration delay, Duration maxAge, String language, long returnLimit, Address postmaster) {

    /** The languages there are words for, the default first. */
    public static String[] languages() {
        return new String[] {"en", "pt"};
    }
}
