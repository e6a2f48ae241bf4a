package io.spooler.smtp.client;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.testkit.TransportContract;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.TransportProvider;
import org.junit.jupiter.api.AfterEach;

/** The contract of all transports, kept by this one. */
class SmtpClientContractTest implements TransportContract {

    private final Rig rig = new Rig("concurrency=5");

    @AfterEach
    void close() {
        rig.close();
    }

    @Override
    public TransportProvider transport() {
        return rig.client;
    }

    @Override
    public void deactivate() {
        rig.stop();
    }

    @Override
    public Recipient recipient(int number) {
        return Recipient.of(Address.smtp("r" + number + "@example.org"));
    }

    @Override
    public boolean silence() {
        rig.peer.always("CONNECT", Action.silence());
        return true;
    }

    @Override
    public boolean unplug() {
        rig.peer.refuse();
        return true;
    }
}
