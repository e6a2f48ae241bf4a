package io.spooler.core.receive;

import java.time.Duration;

/**
 * Settings of what comes in; each reception keeps those with which it began.
 *
 * @param atATime most receptions at a time, of all transports
 * @param limit largest message in octets, unless the store takes less
 * @param timeout time for one message, from its turn to its commit
 * @param hookTimeout time for all postprocessors of one message
 * @param folders where messages go by their class
 * @param readReports whether senders who ask for it hear that their message was read
 */
public record ReceiveSettings(
        int atATime, long limit, Duration timeout, Duration hookTimeout, ReceiveFolders folders, boolean readReports) {}
