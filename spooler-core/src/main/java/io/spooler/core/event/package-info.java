/** Tells listeners what happened. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.event;
