package io.spooler.smtp.listener;

import io.spooler.Spooler;
import io.spooler.access.RecipientCheck;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a listener need from elsewhere. Thread-safe.
 *
 * @param spooler gives the spooler, or null while there is none
 * @param logins of the whole bundle
 * @param recipients say which recipients exist; empty while nobody does
 * @param clock for trace lines
 */
record Services(
        Supplier<@Nullable Spooler> spooler, Logins logins, Supplier<List<RecipientCheck>> recipients, Clock clock) {}
