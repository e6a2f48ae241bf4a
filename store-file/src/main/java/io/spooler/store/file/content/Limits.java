package io.spooler.store.file.content;

/**
 * What a message may be. Changed while the store runs; each draft keeps those it began with.
 *
 * @param messageSize octets of content
 * @param recipients how many
 * @param inline largest content inside the journal, octets
 */
public record Limits(long messageSize, int recipients, int inline) {}
