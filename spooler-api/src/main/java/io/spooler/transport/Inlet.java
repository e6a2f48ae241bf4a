package io.spooler.transport;

import io.spooler.Address;
import io.spooler.ContentSink;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Takes messages from a transport into local mailboxes: postprocess, file, tell. Any thread. */
@ProviderType
public interface Inlet {

    /**
     * Begins a reception when it is this transport's turn, and waits for that: for a transport with threads of its own.
     * See {@link #ask}. Must not be called on a thread that the core has lent.
     *
     * @param arrival what is known before the content
     * @return to be committed or closed by the caller
     * @throws SpoolException as {@link #ask}
     */
    Reception receive(Arrival arrival) throws SpoolException;

    /**
     * Asks for a reception. Transports take turns (R52): each has one at a time, or as many as it declares with
     * {@link TransportProvider#INBOUND_CONCURRENCY}, and all together have a limit. A turn ends with the commit, with
     * {@link Reception#close()}, or when the time for one message has passed: then nothing is left of it, and what is
     * written or committed later is refused. Does not block.
     *
     * @param arrival what is known before the content
     * @return completes on a thread of the core that must not be blocked; exceptionally with a {@link SpoolException}:
     *     NOT_NOW if inbound is closed (R51), too many wait, or one with its id is just coming in, KNOWN if one with its id
     *     is filed already, NO_STORE, STORE_FULL or STORE_STOPPED, or NOT_FOUND if no mailbox can have this name
     */
    default CompletionStage<Reception> ask(Arrival arrival) {
        try {
            return CompletableFuture.completedFuture(receive(arrival));
        } catch (SpoolException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Announces that a message may be offered again that the transport has deferred, before the time that the deferral
     * named (R42): for a transport that itself knows when it can go on. Does not block. Without effect if the message is
     * not deferred by this transport; lost with the process, when the time of the deferral holds.
     *
     * @param transport name of the transport
     * @param message its id
     */
    default void ready(String transport, SpoolId message) {}

    /**
     * Where the messages that came in came from, in all stores that are present: for a transport that fetches, so that it
     * fetches none twice. What is to be remembered stands in {@link Arrival#origin}; an origin of which a message is
     * known is not filed again.
     *
     * @return whose methods may block for the disk
     * @throws SpoolException NO_STORE if no store is present
     */
    default Origins origins() throws SpoolException {
        throw new SpoolException(SpoolException.Reason.NO_STORE, "nothing is remembered here");
    }

    /** A message coming in. It exists after {@link #commit()} and not before. One thread at a time. */
    @ProviderType
    interface Reception extends ContentSink {

        /**
         * Runs the postprocessors and files the message, on a thread of the core or of the store. The remote copy may be acknowledged
         * only when the stage has completed normally (R53).
         *
         * @return completes with the entry, or empty if a postprocessor removed the message; exceptionally with a
         *     {@link SpoolException} if nothing was filed: TOO_LARGE, NOT_NOW if its time had passed or another of
         *     its origin is just being filed, KNOWN if one has come in before and is safe, or as the store says
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
     * @param folder where it goes unless a postprocessor says otherwise; empty means by its class (R54)
     * @param flags first flags
     * @param origin where it comes from, to be remembered with it; null if it cannot come twice, or has an id of its own
     * @param id the one that it gets when it is filed, under which it is filed once, however often it is brought, as long as
     *     it is in its mailbox; null for a new one
     */
    record Arrival(
            String transport,
            String mailbox,
            @Nullable Address sender,
            String messageClass,
            String folder,
            Set<String> flags,
            Origins.@Nullable Origin origin,
            @Nullable SpoolId id) {

        /** The class of an ordinary message. */
        public static final String NOTE = "IPM.Note";

        /** Fills in the default class, copies the flags. */
        public Arrival {
            messageClass = messageClass.isEmpty() ? NOTE : messageClass;
            flags = Set.copyOf(flags);
        }

        /**
         * One that is pushed in, and goes where its class says.
         *
         * @param transport name of the transport that brings it
         * @param mailbox whose it is
         * @param sender the reverse path, or null
         * @param messageClass dotted type name; empty means {@code IPM.Note}
         */
        public Arrival(String transport, String mailbox, @Nullable Address sender, String messageClass) {
            this(transport, mailbox, sender, messageClass, "", Set.of(), null, null);
        }

        /**
         * The same, with an id of its own.
         *
         * @param its the id
         * @return a copy
         */
        public Arrival under(SpoolId its) {
            return new Arrival(transport, mailbox, sender, messageClass, folder, flags, origin, its);
        }
    }
}
