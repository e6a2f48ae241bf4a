/**
 * The control socket: runs one command for a script and gives back its output and exit status.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.shell.control;
