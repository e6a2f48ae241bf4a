/**
 * What the SMTP client and the listener share: event loops, and those who watch conversations.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.net;
