/** Between streams and drafts. */
@org.jspecify.annotations.NullMarked
package io.spooler.core.io;
