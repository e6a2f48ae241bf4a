package io.spooler.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Smart hosts, by rank; among equals by lot, with their weights. */
final class RelayFinder implements Finder {

    private final List<Relay> relays;
    private final Resolver resolver;
    private final DoubleSupplier random;

    /**
     * Looks nothing up yet.
     *
     * @param relays at least one
     * @param resolver finds their addresses
     * @param random from 0 to 1
     */
    RelayFinder(List<Relay> relays, Resolver resolver, DoubleSupplier random) {
        this.relays = relays;
        this.resolver = resolver;
        this.random = random;
    }

    private record Lot(Relay relay, double number) {}

    /** Those that are to be tried first, first. */
    List<Relay> order() {
        if (relays.size() == 1) {
            return relays;
        }
        // The smallest of exponentially distributed numbers is each one's as often as its rate says.
        return relays.stream()
                .map(relay -> new Lot(relay, -Math.log(1 - random.getAsDouble()) / relay.weight()))
                .sorted(Comparator.comparingInt((Lot lot) -> lot.relay.rank()).thenComparingDouble(Lot::number))
                .map(Lot::relay)
                .toList();
    }

    @Override
    public CompletionStage<List<Endpoint>> find() {
        return next(order(), 0, new ArrayList<>(), null);
    }

    private CompletionStage<List<Endpoint>> next(
            List<Relay> order, int index, List<Endpoint> found, @Nullable Unroutable last) {
        if (index == order.size()) {
            return last == null || !found.isEmpty()
                    ? CompletableFuture.completedFuture(found)
                    : CompletableFuture.failedFuture(last);
        }
        Relay relay = order.get(index);
        return resolver.resolve(relay.host())
                .handle((addresses, error) -> {
                    add(relay, addresses, found);
                    return next(order, index + 1, found, error == null ? last : unknown(relay, error));
                })
                .thenCompose(stage -> stage);
    }

    private static void add(Relay relay, @Nullable List<InetAddress> addresses, List<Endpoint> found) {
        if (addresses != null) {
            addresses.forEach(
                    address -> found.add(new Endpoint(relay.host(), new InetSocketAddress(address, relay.port()))));
        }
    }

    private static Unroutable unknown(Relay relay, Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return new Unroutable(false, "4.4.3", "cannot look up " + relay.host() + ": " + cause);
    }
}
