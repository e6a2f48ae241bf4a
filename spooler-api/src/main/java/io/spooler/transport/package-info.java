/**
 * What a transport offers to the spooler, and what the spooler offers to a transport.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.transport;
