package io.spooler.transport;

import io.spooler.Address;
import io.spooler.ContentSink;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Takes messages from a transport into local mailboxes: postprocess, file, tell. Any thread. */
@ProviderType
public interface Inlet {

    /**
     * Begins a reception. Does not block.
     *
     * @param arrival what is known before the content
     * @return to be committed or closed by the caller
     * @throws SpoolException NO_STORE, STORE_FULL or STORE_STOPPED
     */
    Reception receive(Arrival arrival) throws SpoolException;

    /**
     * Announces that a message may be offered again that the transport has deferred, before the time that the deferral
     * named (R42): for a transport that itself knows when it can go on. Does not block. Without effect if the message is
     * not deferred by this transport; lost with the process, when the time of the deferral holds.
     *
     * @param transport name of the transport
     * @param message its id
     */
    default void ready(String transport, SpoolId message) {}

    /** A message coming in. It exists after {@link #commit()} and not before. One thread at a time. */
    @ProviderType
    interface Reception extends ContentSink {

        /**
         * Runs the postprocessors and files the message, on a thread of the core. The remote copy may be acknowledged
         * only when the stage has completed normally (R53).
         *
         * @return completes with the entry, or empty if a postprocessor removed the message; exceptionally with a
         *     {@link SpoolException} if nothing was filed
         */
        CompletionStage<Optional<Mailboxes.Entry>> commit();
    }

    /**
     * What is known of a message before its content.
     *
     * @param transport name of the transport that brings it
     * @param mailbox whose it is
     * @param sender the reverse path, or null
     * @param messageClass dotted type name; empty means {@code IPM.Note}
     */
    record Arrival(
            String transport, String mailbox, @Nullable Address sender, String messageClass) {

        /** The class of an ordinary message. */
        public static final String NOTE = "IPM.Note";

        /** Fills in the default class. */
        public Arrival {
            messageClass = messageClass.isEmpty() ? NOTE : messageClass;
        }
    }
}
