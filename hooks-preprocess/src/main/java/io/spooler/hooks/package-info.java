/**
 * Ready-made preprocessors: trace headers and aliases.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.hooks;
