/**
 * The index of the heap in a file, so that a start need not read the whole journal. Never the truth: without it, or with a
 * damaged one, the journal tells the same.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.checkpoint;
