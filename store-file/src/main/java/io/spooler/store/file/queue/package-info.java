/**
 * The queue: accept, claim, settle, and replay of its records.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.queue;
