/**
 * The journal: records in segments, group commit, recovery. Knows nothing of messages; {@code FORMAT.md} draws the
 * bytes.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.journal;
