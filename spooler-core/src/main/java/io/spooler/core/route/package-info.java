/** Which transports may carry a recipient. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.route;
