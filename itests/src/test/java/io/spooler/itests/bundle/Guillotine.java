package io.spooler.itests.bundle;

import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Ends the process at once when a message has been filed, before the outcome of its delivery can have been recorded. */
public final class Guillotine implements BundleActivator, SpoolListener {

    @Override
    public void start(BundleContext context) {
        context.registerService(SpoolListener.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public void onEvent(SpoolEvent event) {
        if (event instanceof SpoolEvent.Arrived) {
            Runtime.getRuntime().halt(1);
        }
    }
}
