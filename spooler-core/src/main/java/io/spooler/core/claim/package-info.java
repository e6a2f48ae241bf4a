/** Takes due messages from the stores while there is room. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.claim;
