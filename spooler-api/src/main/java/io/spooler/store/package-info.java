/**
 * What a message store offers to the spooler: the durable queue and the folders.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.store;
