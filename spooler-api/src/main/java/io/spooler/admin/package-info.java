/**
 * One administration interface; shell, console and scripts are faces of it.
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.admin;
