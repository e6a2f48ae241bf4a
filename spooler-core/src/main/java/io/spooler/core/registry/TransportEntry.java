package io.spooler.core.registry;

import io.spooler.AddressPattern;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportProvider.Operation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A transport that is present, with what its service properties say.
 *
 * @param id service id
 * @param name unique name
 * @param ranking service ranking
 * @param types address types carried whole, upper case
 * @param patterns address patterns carried
 * @param concurrency consignments at a time, at least 1
 * @param receptions how many it brings in at a time, at least 1
 * @param maxSize largest message in octets
 * @param provider the service
 */
public record TransportEntry(
        long id,
        String name,
        int ranking,
        List<String> types,
        List<AddressPattern> patterns,
        int concurrency,
        int receptions,
        long maxSize,
        TransportProvider provider)
        implements Ranked {

    /** The type that stands for every type (R29). */
    public static final String ANY = "*";

    static TransportEntry of(TransportProvider provider, Map<String, ?> map) {
        Properties properties = new Properties(map);
        return new TransportEntry(
                properties.id(),
                properties.name(TransportProvider.NAME),
                properties.ranking(),
                properties.list(TransportProvider.TYPES).stream()
                        .map(type -> type.toUpperCase(Locale.ROOT))
                        .toList(),
                properties.list(TransportProvider.PATTERNS).stream()
                        .map(AddressPattern::parse)
                        .toList(),
                (int) Math.max(1, properties.number(TransportProvider.CONCURRENCY, 1)),
                (int) Math.max(1, properties.number(TransportProvider.INBOUND_CONCURRENCY, 1)),
                properties.number(TransportProvider.MAX_SIZE, Long.MAX_VALUE),
                provider);
    }

    /**
     * What it carries, types included.
     *
     * @return patterns; empty if it takes no recipients
     */
    public List<AddressPattern> carries() {
        List<AddressPattern> all = new ArrayList<>(patterns);
        types.forEach(type -> all.add(new AddressPattern(type, "*")));
        return all;
    }

    /**
     * What it does, and what can be ordered of it (R65).
     *
     * @return without OUTBOUND if it takes no recipients
     */
    public Set<Operation> operations() {
        Set<Operation> all = EnumSet.noneOf(Operation.class);
        try {
            all.addAll(provider.operations());
        } catch (RuntimeException | LinkageError e) {
            all.addAll(EnumSet.of(Operation.OUTBOUND, Operation.VALIDATE, Operation.FLUSH));
        }
        if (carries().isEmpty()) {
            all.remove(Operation.OUTBOUND);
        }
        return all;
    }
}
