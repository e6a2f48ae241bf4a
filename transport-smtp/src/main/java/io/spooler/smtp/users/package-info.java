/**
 * Users from a file, with salted and slow hashes of their passwords, where no other bundle provides any.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.smtp.users;
