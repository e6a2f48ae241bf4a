/** Orders about the running core: checks, flushes, closing and opening. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.control;
