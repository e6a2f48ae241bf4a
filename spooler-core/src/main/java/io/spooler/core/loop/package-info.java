/** The one thread that owns the core's state. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.loop;
