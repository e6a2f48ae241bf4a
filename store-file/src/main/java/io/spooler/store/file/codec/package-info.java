/**
 * Values of the API as octets. {@code FORMAT.md} draws them.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.store.file.codec;
