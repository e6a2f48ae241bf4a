package io.spooler.core.client;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.core.registry.HookEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.hook.AddressBook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts the members of lists into their place, by the address books that are present (R7). Each list is expanded once per
 * message, so that lists that name each other end. Any thread; blocks as long as the books do.
 */
public final class Lists {

    private static final int MOST_DEEP = 10;

    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param present what is present
     */
    public Lists(Supplier<Snapshot> present) {
        this.present = present;
    }

    /**
     * Expands.
     *
     * @param envelope with recipients of type LIST perhaps
     * @return with none; members have the wishes of their list; duplicates are still there
     * @throws SpoolException BAD_LIST or LISTS_AWAY, naming the list
     */
    public Envelope expand(Envelope envelope) throws SpoolException {
        if (!hasList(envelope.recipients())) {
            return envelope;
        }
        Expansion expansion = new Expansion(present.get().addressBooks());
        for (Recipient recipient : envelope.recipients()) {
            expansion.add(recipient, 0);
        }
        return new Envelope(envelope.sender(), expansion.result, envelope.options());
    }

    private static boolean hasList(List<Recipient> recipients) {
        for (Recipient recipient : recipients) {
            if (isList(recipient)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isList(Recipient recipient) {
        return recipient.address().type().equals(Address.LIST);
    }

    /** One expansion. One thread. */
    private static final class Expansion {

        private final List<HookEntry<AddressBook>> books;
        private final List<Recipient> result = new ArrayList<>();
        private final Set<String> expanded = new HashSet<>();

        private Expansion(List<HookEntry<AddressBook>> books) {
            this.books = books;
        }

        private void add(Recipient recipient, int depth) throws SpoolException {
            String list = recipient.address().value();
            if (!isList(recipient)) {
                result.add(recipient);
            } else if (expanded.add(list.toLowerCase(Locale.ROOT))) {
                if (depth == MOST_DEEP) {
                    throw new SpoolException(
                            Reason.BAD_LIST, name(list) + " is a list in lists, more than " + MOST_DEEP + " deep");
                }
                for (Address member : members(list)) {
                    add(
                            new Recipient(member, recipient.notifyOn(), recipient.original(), recipient.transport()),
                            depth + 1);
                }
            }
        }

        private List<Address> members(String list) throws SpoolException {
            if (books.isEmpty()) {
                throw new SpoolException(
                        Reason.LISTS_AWAY,
                        "no address book is present that knows " + name(list) + "; start its bundle");
            }
            for (HookEntry<AddressBook> book : books) {
                Optional<List<Address>> members = ask(book, list);
                if (members.isPresent()) {
                    return members.get();
                }
            }
            throw new SpoolException(Reason.BAD_LIST, "no address book knows " + name(list) + "; name another list");
        }

        private static Optional<List<Address>> ask(HookEntry<AddressBook> book, String list) throws SpoolException {
            try {
                return book.hook().members(list);
            } catch (Exception | LinkageError e) {
                throw new SpoolException(
                        Reason.LISTS_AWAY,
                        "the address book " + book.name() + " cannot be asked for " + name(list) + ": " + e,
                        e);
            }
        }

        private static String name(String list) {
            return Address.LIST + ':' + Reply.clean(list);
        }
    }
}
