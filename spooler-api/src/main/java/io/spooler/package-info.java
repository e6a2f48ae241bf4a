/**
 * What a client of the spooler sees: submit a message, follow its recipients, read mailboxes.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler;
