/** Records outcomes and completes messages. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.complete;
