/** The bundles in a framework inside the test, by Pax Exam: what happens when bundles and services come and go. */
@org.jspecify.annotations.NullMarked
package io.spooler.itests.container;
