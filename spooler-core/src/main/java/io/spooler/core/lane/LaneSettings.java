package io.spooler.core.lane;

import java.time.Duration;
import java.util.List;

/**
 * What can be set about lanes.
 *
 * @param restFirst how long a lane rests after its first failure
 * @param restMost the longest rest
 * @param askedMost the longest rest that a transport may ask for
 * @param concurrency most consignments of one lane at a time
 * @param laneRates limits of single destinations
 * @param transportRates limits of transports as a whole
 * @param timetable when deliveries may begin
 */
public record LaneSettings(
        Duration restFirst,
        Duration restMost,
        Duration askedMost,
        int concurrency,
        List<Rate> laneRates,
        List<Rate> transportRates,
        Timetable timetable) {

    /** Copies. */
    public LaneSettings {
        laneRates = List.copyOf(laneRates);
        transportRates = List.copyOf(transportRates);
    }
}
