/**
 * Tests of the listener, over loopback sockets where the network matters.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.listener;
