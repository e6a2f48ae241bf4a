/** Answers and obeys administrators. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.admin;
