package io.spooler.imap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A mailbox of a mail server, with the connection to it. Blocks for the network, within bounds. One thread, but for
 * {@link #wake} and {@link #close}. Whatever the server sends, nothing in the heap grows with the size of a message.
 */
interface Remote extends AutoCloseable {

    /**
     * A message there.
     *
     * @param id lasts as long as the message does, over connections
     * @param size octets, as the server says
     * @param ambiguous whether the server calls several messages by this id: then none of them can be asked for
     */
    record Item(String id, long size, boolean ambiguous) {}

    /** Takes octets of a message, before the call returns. */
    @FunctionalInterface
    interface Sink {

        void write(byte[] octets, int from, int count) throws IOException;
    }

    /**
     * What the ids of this time begin with. Ids that begin otherwise are of a former time, and may be other messages.
     *
     * @return empty if ids last for ever
     */
    String era();

    /**
     * What is there now.
     *
     * @return no id twice, oldest first
     */
    List<Item> list() throws IOException;

    /**
     * Changes whenever {@link #list} does.
     *
     * @return empty if that cannot be told without listing
     */
    String state() throws IOException;

    /**
     * Fetches a message.
     *
     * @param item which
     * @param sink takes it all, in its own line ends
     * @throws Refused if the server does not give this one; the next can be asked for
     */
    void fetch(Item item, Sink sink) throws IOException;

    /** As {@link #fetch}, but the header alone. */
    void header(Item item, Sink sink) throws IOException;

    /** Deletes a message, from {@link #finish} on. */
    void delete(Item item) throws IOException;

    /** Marks a message as seen. */
    void seen(Item item) throws IOException;

    /** Makes deletions last. Of a protocol that needs that, it ends the session. */
    void finish() throws IOException;

    /** Whether {@link #await} can be used. */
    boolean canWait();

    /**
     * Waits until something changes, for {@link #wake}, or so long.
     *
     * @param most how long
     */
    void await(Duration most) throws IOException;

    /** Ends {@link #await}, now or when it comes to it. Any thread; does not block. */
    void wake();

    /** Cuts the connection. Any thread; does not block. */
    @Override
    void close();
}
