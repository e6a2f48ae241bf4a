/** Orders the work per destination, and lets dead destinations rest. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.lane;
