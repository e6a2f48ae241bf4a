package io.spooler.smtp.listener;

import io.spooler.access.Users;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** One {@link Logins} for all listeners, so that who guesses at one is kept out of all; the shell that knows OSGi. */
@Component(service = LoginsComponent.class)
public final class LoginsComponent {

    private final Logins logins = new Logins(this::present, System::nanoTime);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Users users;

    /** Starts no thread yet. */
    @Activate
    public LoginsComponent() {}

    private @Nullable Users present() {
        return users;
    }

    Logins logins() {
        return logins;
    }

    @Deactivate
    void deactivate() {
        logins.close();
    }
}
