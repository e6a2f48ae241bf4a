/**
 * What both directions share: the event loops.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.net;
