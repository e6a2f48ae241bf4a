/**
 * The inbound SMTP listener. One connection is one {@code Session} (bytes in, answers out, time limits); its
 * {@code Conversation} knows the commands and the transaction; an {@code Intake} streams one message into the spooler,
 * through a {@code DataScanner}. A {@code Listener} keeps the port open as the settings say; {@code ListenerComponent}
 * is the only class that knows OSGi.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.listener;
