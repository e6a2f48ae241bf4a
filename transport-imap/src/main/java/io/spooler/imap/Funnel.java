package io.spooler.imap;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.transport.Inlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way from the server into the spooler. It waits for the end of the header, for that tells who sent it
 * and what its print is; then the turn of this transport, then octet by octet. What the spooler says no to is an
 * IOException whose cause is the {@link SpoolException}. One thread; used once.
 */
final class Funnel implements Remote.Sink, AutoCloseable {

    private static final Pattern RETURN_PATH =
            Pattern.compile("(?im)^Return-Path:[ \\t]*<([^<>\\s]{1,320})>[ \\t]*\\r?$");

    private final Inlet inlet;
    private final String transport;
    private final Account account;
    private final String id;
    private final Set<String> flags;
    private final Print print = new Print();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long size;
    private Inlet.@Nullable Reception reception;

    /**
     * Nothing has come yet.
     *
     * @param inlet takes the message
     * @param transport its name
     * @param account whose
     * @param id by which it is remembered
     * @param flags first flags
     */
    Funnel(Inlet inlet, String transport, Account account, String id, Set<String> flags) {
        this.inlet = inlet;
        this.transport = transport;
        this.account = account;
        this.id = id;
        this.flags = flags;
    }

    @Override
    public void write(byte[] octets, int from, int count) throws IOException {
        size += count;
        if (size > account.maxSize()) {
            throw refusal(new SpoolException(
                    Reason.TOO_LARGE, "the message is larger than " + account.maxSize() + " octets"));
        }
        if (reception != null) {
            put(reception, octets, from, count);
            return;
        }
        print.write(octets, from, count);
        head.write(octets, from, count);
        if (print.isEnded()) {
            begin();
        }
    }

    private static IOException refusal(SpoolException e) {
        return new IOException(e);
    }

    private Inlet.Reception begin() throws IOException {
        try {
            byte[] octets = head.toByteArray();
            Inlet.Reception begun = inlet.receive(arrival(octets));
            reception = begun;
            put(begun, octets, 0, octets.length);
            return begun;
        } catch (SpoolException e) {
            throw refusal(e);
        }
    }

    private Inlet.Arrival arrival(byte[] octets) {
        Origin origin = new Origin(account.source(transport), id, print.text());
        return new Inlet.Arrival(
                transport, account.mailbox(), sender(octets), Inlet.Arrival.NOTE, account.into(), flags, origin, null);
    }

    /** The reverse path that the last server has noted (RFC 5321 section 4.4), or null. */
    private static @Nullable Address sender(byte[] octets) {
        Matcher found = RETURN_PATH.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        try {
            return found.find() ? Address.smtp(found.group(1)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void put(Inlet.Reception to, byte[] octets, int from, int count) throws IOException {
        try {
            to.write(ByteBuffer.wrap(octets, from, count));
        } catch (IOException e) {
            throw e.getCause() instanceof SpoolException
                    ? e
                    : refusal(new SpoolException(Reason.STORE_STOPPED, "it cannot be kept: " + e, e));
        }
    }

    /** All has come. */
    CompletionStage<Optional<Mailboxes.Entry>> commit() throws IOException {
        Inlet.Reception whole = reception == null ? begin() : reception;
        return whole.commit();
    }

    /** Without effect behind a commit. */
    @Override
    public void close() {
        if (reception != null) {
            reception.close();
        }
    }
}
