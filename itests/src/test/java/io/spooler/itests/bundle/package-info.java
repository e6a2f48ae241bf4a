/** What tests deploy into a running instance; {@code Jars} makes bundles of it. */
@org.jspecify.annotations.NullMarked
package io.spooler.itests.bundle;
