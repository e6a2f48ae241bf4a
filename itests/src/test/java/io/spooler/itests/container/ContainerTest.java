package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.SpoolListener;
import io.spooler.Spooler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the tests in the container have in common: the services, the events, and how to send. */
public abstract class ContainerTest {

    @Inject
    protected BundleContext context;

    @Inject
    protected Spooler spooler;

    final Events events = new Events();

    private ServiceRegistration<SpoolListener> registration;

    @Before
    public void listen() {
        registration = context.registerService(SpoolListener.class, events, null);
    }

    @After
    public void forget() {
        registration.unregister();
    }

    SpoolId submit(String subject, String... recipients) throws SpoolException {
        byte[] content = ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
        List<Address> to = Arrays.stream(recipients).map(Address::parse).toList();
        return spooler.submit(Envelope.of(Address.parse("sender@client.test"), to), target -> target.write(content));
    }

    Bundle bundle(String symbolicName) {
        List<Bundle> found = Arrays.stream(context.getBundles())
                .filter(b -> symbolicName.equals(b.getSymbolicName()))
                .toList();
        assertThat(found).as(symbolicName).hasSize(1);
        return found.get(0);
    }
}
