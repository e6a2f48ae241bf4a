/**
 * Contents outside the heap: inside the journal, or in files of their own.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.content;
