package io.spooler.smtp.client;

import io.spooler.smtp.client.SecureNames.Found;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mail exchangers of a domain, each with what its TLSA records want of encryption (RFC 7672): with some that can be used, a
 * certificate that matches; with others only, encryption with whomever; without any, what {@link TlsPolicy#MAY} has, or with
 * {@link TlsPolicy#DANE_ONLY} nothing. One whose records cannot be looked up is left out.
 */
final class DaneFinder implements Finder {

    private static final int MOST_RECORDS = 32;

    private final Function<Names, Finder> exchangers;
    private final SecureNames names;
    private final int port;
    private final boolean only;

    /**
     * Asks nothing yet.
     *
     * @param exchangers finds all, by the names that it is given
     * @param names asks for them, and for TLSA records
     * @param port where mail exchangers listen
     * @param only whether nothing goes where there are no records that can be used
     */
    DaneFinder(Function<Names, Finder> exchangers, SecureNames names, int port, boolean only) {
        this.exchangers = exchangers;
        this.names = names;
        this.port = port;
        this.only = only;
    }

    @Override
    public CompletionStage<List<Endpoint>> find() {
        Witness witness = new Witness(names);
        return exchangers.apply(witness).find().thenCompose(all -> judged(all, witness));
    }

    /** Remembers what was authentic of that by which the mail exchangers were found. */
    private static final class Witness implements Names {

        private final SecureNames names;
        private final Map<String, Found<InetAddress>> hosts = new ConcurrentHashMap<>();
        private volatile String domain = "";
        private volatile @Nullable Found<Exchanger> exchangers;

        Witness(SecureNames names) {
            this.names = names;
        }

        @Override
        public CompletionStage<List<Exchanger>> exchangers(String asked) {
            domain = asked;
            return names.exchangers(asked).thenApply(found -> {
                exchangers = found;
                return found.values();
            });
        }

        @Override
        public CompletionStage<List<String>> texts(String name) {
            throw new IllegalStateException(name);
        }

        @Override
        public CompletionStage<List<InetAddress>> addresses(String host) {
            return names.addresses(host).thenApply(found -> {
                hosts.put(host, found);
                return found.values();
            });
        }

        /** Whether the domain itself says which mail exchangers it has (RFC 7672 section 2.2.1). */
        boolean isSecure() {
            Found<?> found = exchangers;
            return found != null && found.isSecure();
        }

        /** What a certificate may name (RFC 7672 section 3.2.3). */
        List<String> references(String base) {
            Found<?> found = exchangers;
            return Stream.of(base, domain, found == null ? domain : found.name())
                    .distinct()
                    .toList();
        }
    }

    /** What is wanted of one host; without a demand it is not to be used. */
    private record Verdict(
            @Nullable Demand demand, @Nullable Unroutable problem) {}

    private CompletionStage<List<Endpoint>> judged(List<Endpoint> all, Witness witness) {
        Map<String, CompletionStage<Verdict>> asked = new LinkedHashMap<>();
        all.forEach(each -> asked.computeIfAbsent(each.host(), host -> verdict(host, witness)));
        CompletionStage<Map<String, Verdict>> verdicts = CompletableFuture.completedFuture(new LinkedHashMap<>());
        for (Map.Entry<String, CompletionStage<Verdict>> each : asked.entrySet()) {
            verdicts = verdicts.thenCombine(each.getValue(), (map, verdict) -> {
                map.put(each.getKey(), verdict);
                return map;
            });
        }
        return verdicts.thenApply(map -> usable(all, map));
    }

    private static List<Endpoint> usable(List<Endpoint> all, Map<String, Verdict> verdicts) {
        List<Endpoint> usable = new ArrayList<>();
        Unroutable why = null;
        for (Endpoint each : all) {
            Verdict verdict = verdicts.get(each.host());
            if (verdict != null && verdict.demand != null) {
                usable.add(each.with(verdict.demand));
            } else if (verdict != null && why == null) {
                why = verdict.problem;
            }
        }
        if (usable.isEmpty()) {
            throw new CompletionException(why);
        }
        return usable;
    }

    private CompletionStage<Verdict> verdict(String host, Witness witness) {
        return bases(host, witness)
                .thenCompose(bases -> first(host, bases, witness))
                .exceptionally(error -> unusable("the TLSA records of " + host + " cannot be had: "
                        + Unroutable.of(error).reply().text()));
    }

    /** Where records may be, the first to be asked first (RFC 7672 section 2.2.2). */
    private CompletionStage<List<String>> bases(String host, Witness witness) {
        Found<?> addresses = witness.hosts.get(host);
        if (addresses == null || !witness.isSecure()) {
            return CompletableFuture.completedFuture(List.of());
        }
        boolean alias = !addresses.name().equalsIgnoreCase(host);
        if (addresses.isSecure()) {
            return CompletableFuture.completedFuture(alias ? List.of(addresses.name(), host) : List.of(host));
        }
        return alias
                ? names.isSecureAlias(host).thenApply(secure -> secure ? List.of(host) : List.<String>of())
                : CompletableFuture.completedFuture(List.of());
    }

    private CompletionStage<Verdict> first(String host, List<String> bases, Witness witness) {
        if (bases.isEmpty()) {
            return CompletableFuture.completedFuture(without(
                    TlsPolicy.MAY,
                    witness.isSecure()
                            ? host + " has no TLSA records that are secure"
                            : "no mail exchangers are secured by DNSSEC"));
        }
        String base = bases.get(0);
        return names.tlsa("_" + port + "._tcp." + base)
                .thenCompose(found -> found.isSecure() && !found.values().isEmpty()
                        ? CompletableFuture.completedFuture(by(found.values(), base, witness))
                        : first(host, bases.subList(1, bases.size()), witness));
    }

    private Verdict by(List<Tlsa> found, String base, Witness witness) {
        if (found.size() > MOST_RECORDS) {
            return unusable(base + " has more than " + MOST_RECORDS + " TLSA records");
        }
        Optional<TlsaSet> set = TlsaSet.of(base, witness.references(base), found);
        return set.isPresent()
                ? new Verdict(new Demand(TlsPolicy.VERIFY, "by " + set.get(), set.get()), null)
                : without(TlsPolicy.ENCRYPT, "no TLSA record of " + base + " can be used");
    }

    private Verdict without(TlsPolicy policy, String reason) {
        return only ? unusable(reason) : new Verdict(new Demand(policy, reason), null);
    }

    private static Verdict unusable(String why) {
        return new Verdict(null, new Unroutable(false, "4.7.5", "DANE: " + why));
    }
}
