/**
 * Hooks on the way out ({@link io.spooler.hook.PreProcessor}), behind it ({@link io.spooler.hook.OutboundHook}) and on the
 * way in ({@link io.spooler.hook.PostProcessor}).
 */
@org.jspecify.annotations.NullMarked
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.spooler.hook;
