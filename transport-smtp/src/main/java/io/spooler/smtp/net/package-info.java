/**
 * The event loops that the SMTP client and the listener share.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.net;
