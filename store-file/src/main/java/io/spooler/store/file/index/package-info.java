/**
 * Small structures in the heap that find messages without holding them.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.index;
