/**
 * The loopback transport: what goes out to local addresses comes back in, into mailboxes of this spooler.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.loopback;
