/** Takes messages from transports into mailboxes. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.receive;
