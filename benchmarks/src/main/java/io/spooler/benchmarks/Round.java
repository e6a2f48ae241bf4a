package io.spooler.benchmarks;

import java.nio.file.Path;

/**
 * The figures of one timed round of submissions.
 *
 * @param perSecond messages
 * @param p50 microseconds
 * @param p99 microseconds
 * @param max microseconds
 * @param perForce messages that shared a force
 * @param forcing part of the time during which a force was under way
 * @param processor microseconds a message, of the whole process
 * @param allocated octets of heap a message
 * @param heap octets in use at the end, everything still in the queue
 */
record Round(
        double perSecond,
        double p50,
        double p99,
        double max,
        double perForce,
        double forcing,
        double processor,
        double allocated,
        long heap) {

    /** How long and how much at most. */
    record Limit(long nanos, long octets) {}

    static Round of(Crew.Done done, long forces, long forcing, long heap) {
        Histogram latencies = done.latencies();
        return new Round(
                done.perSecond(),
                latencies.micros(0.5),
                latencies.micros(0.99),
                latencies.maxMicros(),
                (double) done.count() / Math.max(1, forces),
                (double) forcing / done.nanos(),
                done.processorMicrosEach(),
                done.allocatedEach(),
                heap);
    }

    /** The bare loop: appends octets of this size, and waits for their force. */
    static Round bare(Run run, int writers, int size, Limit limit) throws Exception {
        Path directory = run.directory("bare");
        Mail mail = Mail.of(size);
        try (BareLog log = new BareLog(directory)) {
            Crew.Done done = Crew.run(writers, limit.nanos(), limit.octets() / size, () -> log.append(mail.octets()));
            return of(done, log.forces(), log.forcing(), 0);
        } finally {
            run.remove(directory);
        }
    }

    double mibPerSecond(int size) {
        return perSecond * size / (1 << 20);
    }
}
