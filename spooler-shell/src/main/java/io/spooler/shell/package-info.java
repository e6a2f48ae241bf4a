/**
 * The commands of the shell: one class per group, over the client and administration interfaces and nothing else.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.shell;
