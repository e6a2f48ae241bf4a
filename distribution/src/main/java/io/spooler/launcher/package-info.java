/** Starts and stops one instance; not a bundle, runs outside the framework. */
@org.jspecify.annotations.NullMarked
package io.spooler.launcher;
