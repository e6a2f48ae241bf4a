package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.store.Folders;
import io.spooler.transport.Inlet;
import java.util.Locale;
import java.util.Set;

/** Which mailbox an address means. */
final class Mailbox {

    private Mailbox() {}

    /**
     * The mailbox of a recipient: for LOCAL the value, for SMTP the local part without quoting, in lower case. A
     * {@code +detail} stays: it is part of the name.
     *
     * @param address of type LOCAL or SMTP
     * @return the name
     * @throws IllegalArgumentException if no mailbox can have this name
     */
    static String of(Address address) {
        String name = address.type().equals(Address.SMTP)
                ? unquote(address.localPart()).toLowerCase(Locale.ROOT)
                : address.value();
        // The store's own rules, asked before the content is copied for nothing.
        return new Folders.Filing(name, Mailboxes.INBOX, Inlet.Arrival.NOTE, null, Set.of()).mailbox();
    }

    /** Takes the quotes and the backslashes off a quoted-string (RFC 5321 section 4.1.2). */
    private static String unquote(String local) {
        if (local.length() < 2 || !local.startsWith("\"") || !local.endsWith("\"")) {
            return local;
        }
        return local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
