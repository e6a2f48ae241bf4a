package io.spooler.store.file.journal;

/**
 * Where the reading of a journal goes on, for one who knows what comes before.
 *
 * @param position everything before the record at this place is known, and perhaps some of what follows
 * @param run in which that record was written
 * @param salt of its segment
 */
public record Resume(long position, long run, long salt) {}
