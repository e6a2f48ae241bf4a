/**
 * The mailboxes.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.folder;
