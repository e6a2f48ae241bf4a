/** The built distribution, driven as a person or a script does: as a child process, by SMTP, settings files and signals. */
@org.jspecify.annotations.NullMarked
package io.spooler.itests.instance;
