package io.spooler.smtp.listener;

import io.spooler.Spooler;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a listener need from elsewhere. Thread-safe.
 *
 * @param spooler gives the spooler, or null while there is none
 * @param clock for trace lines
 */
record Services(Supplier<@Nullable Spooler> spooler, Clock clock) {}
