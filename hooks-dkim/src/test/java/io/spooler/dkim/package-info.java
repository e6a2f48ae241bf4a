@org.jspecify.annotations.NullMarked
package io.spooler.dkim;
