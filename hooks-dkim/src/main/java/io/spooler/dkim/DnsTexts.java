package io.spooler.dkim;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Text records by dnsjava. Answers are kept as long as they say, in a bounded cache. Any thread; nothing blocks. */
final class DnsTexts implements Texts {

    private static final int MOST_ENTRIES = 5_000;
    private static final int LONGEST_SECONDS = 3_600;
    /** Of one name: more are no keys. */
    private static final int MOST_RECORDS = 10;

    private final LookupSession session;

    /**
     * Asks nothing yet.
     *
     * @param servers whom to ask; empty for those of this machine
     * @param timeout for one question to one of them
     */
    DnsTexts(List<InetSocketAddress> servers, Duration timeout) {
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MOST_ENTRIES);
        cache.setMaxCache(LONGEST_SECONDS);
        ExtendedResolver resolver = servers.isEmpty() ? new ExtendedResolver() : resolver(servers);
        resolver.setTimeout(timeout);
        // What follows an answer is short, and may run where it came.
        session = LookupSession.builder()
                .resolver(resolver)
                .cache(cache)
                .executor(Runnable::run)
                .build();
    }

    private static ExtendedResolver resolver(List<InetSocketAddress> servers) {
        List<Resolver> each = new ArrayList<>();
        servers.forEach(server -> each.add(new SimpleResolver(server)));
        return new ExtendedResolver(each);
    }

    @Override
    public CompletionStage<List<String>> at(String name) {
        try {
            return session.lookupAsync(Name.fromString(name, Name.root), Type.TXT)
                    .handle((result, error) -> {
                        if (error != null) {
                            return nothing(error);
                        }
                        return result.getRecords().stream()
                                .filter(TXTRecord.class::isInstance)
                                .limit(MOST_RECORDS)
                                .map(record -> join((TXTRecord) record))
                                .toList();
                    });
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    /** Records as long as keys are cut into strings of 255 octets. */
    private static String join(TXTRecord text) {
        return text.getStringsAsByteArrays().stream()
                .map(octets -> new String(octets, StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining());
    }

    private static List<String> nothing(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof NoSuchRRSetException || cause instanceof NoSuchDomainException) {
            return List.of();
        }
        throw new CompletionException(cause);
    }
}
