/**
 * The mailboxes as Maildirs, for other programs to read.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.maildir;
