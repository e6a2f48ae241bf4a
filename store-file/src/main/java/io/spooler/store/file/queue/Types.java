package io.spooler.store.file.queue;

import io.spooler.AddressPattern;
import io.spooler.RecipientStatus;
import io.spooler.store.QueueFilter;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.codec.States;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Tells, from a few bits, whether a message may match a filter, so that most need not be read. The first 31 address
 * types have a bit each, all others share one. Guarded by the lock of the store.
 */
final class Types {

    private static final int OTHERS = 31;

    private final Map<String, Integer> bits = new HashMap<>();

    private int bit(String type) {
        Integer bit = bits.get(type);
        if (bit == null) {
            bit = Math.min(bits.size(), OTHERS);
            if (bit < OTHERS) {
                bits.put(type, bit);
            }
        }
        return 1 << bit;
    }

    /** The names in the order of their bits. */
    Encoder put() {
        String[] names = new String[bits.size()];
        bits.forEach((name, bit) -> names[bit] = name);
        Encoder out = new Encoder();
        for (String name : names) {
            out.text(name);
        }
        return out;
    }

    /** As they were put, before any other is known. */
    void get(Decoder in) {
        while (in.hasMore()) {
            bit(in.text());
        }
    }

    private static int domain(String domain) {
        return domain.hashCode() | 1;
    }

    /** Puts what the filters need to know into an entry. */
    void summarise(Entry entry, List<RecipientStatus> recipients) {
        int types = 0;
        for (RecipientStatus r : recipients) {
            types |= bit(r.recipient().address().type());
        }
        entry.types = types;
        entry.single(recipients.size() == 1);
        entry.domain = recipients.size() == 1
                ? domain(recipients.get(0).recipient().address().domain())
                : Entry.MANY;
    }

    /**
     * Says whether a message may hold a recipient that matches; wrong only on the safe side. The answer itself looks at
     * nothing but the entry: it may be asked without the lock, and knows then what was so when it was made, or later.
     */
    Predicate<Entry> mayMatch(QueueFilter filter) {
        int states = States.bits(filter.states());
        List<Predicate<Entry>> patterns =
                filter.patterns().stream().map(this::mayMatch).toList();
        return entry -> (entry.states & states) != 0
                && (patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.test(entry)));
    }

    private Predicate<Entry> mayMatch(AddressPattern pattern) {
        String glob = pattern.glob();
        boolean anyType = pattern.type().equals("*");
        boolean plain = glob.startsWith("*@") && glob.indexOf('*', 1) < 0 && glob.indexOf('@', 2) < 0;
        int type = anyType ? 0 : bit(pattern.type());
        int domain = plain ? domain(glob.substring(2)) : Entry.MANY;
        return entry -> (anyType || (entry.types & type) != 0)
                && (!plain || entry.domain == Entry.MANY || entry.domain == domain);
    }

    /** Says whether a single recipient that may match does match, without reading it. */
    boolean isCertain(Entry entry, QueueFilter filter) {
        return entry.isSingle()
                && entry.types != 1 << OTHERS
                && filter.patterns().stream().allMatch(p -> p.glob().equals("*"));
    }
}
