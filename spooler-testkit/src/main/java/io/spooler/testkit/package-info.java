/**
 * The contracts of stores and transports as tests, a reference store in memory, and tools that such tests need.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.testkit;
