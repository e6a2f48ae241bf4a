/**
 * Reading settings so that a wrong one is refused with file, key, value and what is allowed.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.settings;
