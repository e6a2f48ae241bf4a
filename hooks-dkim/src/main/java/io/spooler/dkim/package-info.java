/**
 * DomainKeys Identified Mail (RFC 6376): signs what goes out, verifies what strangers bring.
 */
@org.jspecify.annotations.NullMarked
package io.spooler.dkim;
