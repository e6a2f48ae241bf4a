/** Which stores, transports and hooks are present, as an immutable snapshot. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.registry;
