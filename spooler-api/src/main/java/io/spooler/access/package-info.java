/**
 * Who may log in ({@link io.spooler.access.Users}), and which mailboxes there are
 * ({@link io.spooler.access.RecipientCheck}): asked by listeners, answered by whoever knows.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.access;
