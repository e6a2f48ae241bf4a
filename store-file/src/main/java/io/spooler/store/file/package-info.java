/**
 * The embedded message store: an append-only journal and folders in files.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file;
