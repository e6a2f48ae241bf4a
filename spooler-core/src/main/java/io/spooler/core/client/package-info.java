/** The client's door. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.client;
