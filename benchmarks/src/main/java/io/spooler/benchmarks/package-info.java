/**
 * Measurements of the store, run by hand.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.benchmarks;
