package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.testkit.TransportContract;
import io.spooler.transport.TransportProvider;
import java.util.List;
import java.util.Set;

/** The loopback transport keeps the contract of all transports. */
class LoopbackContractTest implements TransportContract {

    private final Loopback loopback = new Loopback();

    LoopbackContractTest() {
        loopback.apply(new LoopbackSettings(List.of("spooler.local"), Set.of()));
        loopback.openInbound(new FakeInlet());
    }

    @Override
    public TransportProvider transport() {
        return loopback;
    }

    @Override
    public void deactivate() {
        loopback.close();
    }

    @Override
    public Recipient recipient(int number) {
        return Recipient.of(
                number % 2 == 0
                        ? new Address(Address.LOCAL, "box" + number)
                        : Address.smtp("box" + number + "@spooler.local"));
    }
}
