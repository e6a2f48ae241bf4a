/** Runs the preprocessors. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.prepare;
