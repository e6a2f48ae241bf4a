/** The core: wires the stations of a message's way. Exports nothing. */
@org.jspecify.annotations.NullMarked
package io.spooler.core;
