/**
 * A directory into which programs put messages.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.pickup;
