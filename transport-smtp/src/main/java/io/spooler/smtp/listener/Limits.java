package io.spooler.smtp.listener;

import java.time.Duration;

/**
 * The limits of one listener. A session keeps those it began with.
 *
 * @param messageSize octets of a content
 * @param recipients of one message
 * @param connections at a time, from everywhere
 * @param perClient connections at a time from one address
 * @param errors of one session, before it is closed
 * @param line octets of a command or of a line of content, with line end
 * @param headerSize octets of the header of a content
 * @param hops {@code Received} lines
 * @param command how long a client may take for one command
 */
record Limits(
        long messageSize,
        int recipients,
        int connections,
        int perClient,
        int errors,
        int line,
        int headerSize,
        int hops,
        Duration command) {}
