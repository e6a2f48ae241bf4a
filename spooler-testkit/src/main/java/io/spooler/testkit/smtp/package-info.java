/**
 * A scripted SMTP server for tests: records what it got, answers what it is told to.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.testkit.smtp;
