/** Writes reports to senders. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.report;
