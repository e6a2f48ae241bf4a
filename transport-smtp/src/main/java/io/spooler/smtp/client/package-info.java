/**
 * The way out: carries messages to one SMTP server, its smart host, over a few connections that are used again.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.client;
