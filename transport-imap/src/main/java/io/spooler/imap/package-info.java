/** Fetches mail from IMAP and POP3 servers into local mailboxes. */
@org.jspecify.annotations.NullMarked
package io.spooler.imap;
