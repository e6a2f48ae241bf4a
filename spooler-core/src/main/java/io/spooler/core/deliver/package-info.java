/** Hands consignments to transports. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.deliver;
