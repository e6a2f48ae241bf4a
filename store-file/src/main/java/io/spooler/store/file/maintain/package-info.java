/**
 * What administrators do with a store: check it without changing anything, look after the quarantine.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.maintain;
