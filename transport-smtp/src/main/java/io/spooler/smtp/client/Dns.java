package io.spooler.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * The domain name system by dnsjava, which is loaded only where direct delivery is configured. Answers are kept as long
 * as they say, in a bounded cache. Any thread; nothing blocks.
 */
final class Dns implements Names {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_ENTRIES = 20_000;
    private static final int LONGEST_SECONDS = 86_400;

    private final LookupSession session;

    /**
     * Asks nothing yet.
     *
     * @param servers whom to ask; empty for those of this machine
     * @param executor runs what follows an answer
     */
    Dns(List<InetSocketAddress> servers, Executor executor) {
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MOST_ENTRIES);
        cache.setMaxCache(LONGEST_SECONDS);
        ExtendedResolver resolver = resolver(servers);
        session = LookupSession.builder()
                .resolver(resolver)
                .cache(cache)
                .executor(executor)
                .build();
    }

    static ExtendedResolver resolver(List<InetSocketAddress> servers) {
        List<org.xbill.DNS.Resolver> each = new ArrayList<>();
        servers.forEach(server -> each.add(new SimpleResolver(server)));
        ExtendedResolver resolver = servers.isEmpty() ? new ExtendedResolver() : new ExtendedResolver(each);
        resolver.setTimeout(TIMEOUT);
        return resolver;
    }

    @Override
    public CompletionStage<List<Exchanger>> exchangers(String domain) {
        return records(domain, Type.MX).thenApply(Dns::exchangers);
    }

    static List<Exchanger> exchangers(List<Record> records) {
        return records.stream()
                .filter(MXRecord.class::isInstance)
                .map(MXRecord.class::cast)
                .map(mx -> new Exchanger(mx.getPriority(), mx.getTarget().toString(true)))
                .map(mx -> mx.host().equals(".") ? new Exchanger(mx.preference(), "") : mx)
                .toList();
    }

    @Override
    public CompletionStage<List<String>> texts(String name) {
        return records(name, Type.TXT)
                .thenApply(records -> records.stream()
                        .filter(TXTRecord.class::isInstance)
                        .map(text -> String.join("", ((TXTRecord) text).getStrings()))
                        .toList());
    }

    @Override
    public CompletionStage<List<InetAddress>> addresses(String host) {
        return attempt(host, Type.A).thenCombine(attempt(host, Type.AAAA), (four, six) -> {
            List<InetAddress> all = new ArrayList<>(four.found);
            all.addAll(six.found);
            Unroutable why = four.problem != null ? four.problem : six.problem;
            if (all.isEmpty()) {
                throw new CompletionException(
                        why != null ? why : new Unroutable(true, "5.4.4", host + " has no address"));
            }
            return all;
        });
    }

    private record Attempt(
            List<InetAddress> found, @Nullable Unroutable problem) {}

    private CompletionStage<Attempt> attempt(String host, int type) {
        return records(host, type)
                .thenApply(records -> new Attempt(
                        records.stream()
                                .map(r -> address(r))
                                .filter(a -> a != null)
                                .toList(),
                        null))
                .exceptionally(error -> new Attempt(List.of(), Unroutable.of(error)));
    }

    static @Nullable InetAddress address(Record dns) {
        try {
            // Not the addresses as they are: those would bring a name with them.
            byte[] octets = dns instanceof ARecord four
                    ? four.getAddress().getAddress()
                    : dns instanceof AAAARecord six ? six.getAddress().getAddress() : new byte[0];
            return octets.length == 0 ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** No record of this type is an empty answer. */
    private CompletionStage<List<Record>> records(String host, int type) {
        Name name;
        try {
            name = Name.fromString(host, Name.root);
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(new Unroutable(true, "5.1.2", host + " is no domain"));
        }
        return session.lookupAsync(name, type)
                .handle((result, error) -> error == null ? result.getRecords() : nothing(host, error));
    }

    private static List<Record> nothing(String host, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof NoSuchRRSetException) {
            return List.of();
        }
        if (cause instanceof NoSuchDomainException) {
            throw new CompletionException(new Unroutable(true, "5.1.2", host + " does not exist"));
        }
        throw new CompletionException(new Unroutable(false, "4.4.3", "cannot look up " + host + ": " + cause));
    }
}
