package io.spooler.hook;

import io.spooler.Address;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows lists of addresses: what a recipient of type {@link Address#LIST} stands for. It is asked when a message is
 * submitted, before anything is routed (R7). Register as a service with {@link HookProperties#NAME}; the first by service
 * ranking that knows a list counts.
 */
@ConsumerType
@FunctionalInterface
public interface AddressBook {

    /**
     * The members of a list. Called on the thread of whoever submits, which waits for the answer; any thread, several at
     * once.
     *
     * @param list its name, as the sender wrote it behind {@code LIST:}
     * @return members, lists among them perhaps; empty if this book does not know it
     * @throws Exception if that cannot be told at present: the message is refused, and may be submitted again later
     */
    Optional<List<Address>> members(String list) throws Exception;
}
