package io.spooler.smtp.client;

import io.netty.util.NetUtil;
import io.spooler.smtp.client.Names.Exchanger;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The mail exchangers of a domain (RFC 5321 section 5.1): by preference, equal ones in any order; the domain itself if it
 * names none. What would come back to this system, or is behind it, is left out.
 */
final class MxFinder implements Finder {

    private static final int MOST_HOSTS = 10;
    private static final int MOST_ADDRESSES = 20;
    /** What IDNA of 2003, which Java knows, and of 2008 make different names of. */
    private static final String AMBIGUOUS = "ßς\u200c\u200d";

    private final String domain;
    private final int port;
    private final String ownName;
    private final Names names;
    private final Predicate<InetAddress> own;

    /**
     * Looks nothing up yet.
     *
     * @param domain where mail shall go, or an address literal in brackets
     * @param port where mail exchangers listen
     * @param ownName what this system calls itself
     * @param names finds them
     * @param own tells addresses of this system
     */
    MxFinder(String domain, int port, String ownName, Names names, Predicate<InetAddress> own) {
        this.domain = domain;
        this.port = port;
        this.ownName = ownName;
        this.names = names;
        this.own = own;
    }

    /** Whether an address is one of this machine. */
    static boolean isOwn(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public CompletionStage<List<Endpoint>> find() {
        if (domain.startsWith("[")) {
            return literal();
        }
        if (domain.isEmpty() || domain.chars().anyMatch(c -> AMBIGUOUS.indexOf(c) >= 0)) {
            return failed(true, "5.1.2", "no domain that can be looked up");
        }
        try {
            String ascii = IDN.toASCII(domain);
            return names.exchangers(ascii).thenCompose(found -> addresses(ascii, found));
        } catch (IllegalArgumentException e) {
            return failed(true, "5.1.2", "no domain that can be looked up");
        }
    }

    private static CompletionStage<List<Endpoint>> failed(boolean forever, String status, String text) {
        return CompletableFuture.failedFuture(new Unroutable(forever, status, text));
    }

    private CompletionStage<List<Endpoint>> literal() {
        String inner = domain.replaceFirst("^\\[(?i:IPv6:)?", "").replaceFirst("\\]$", "");
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(inner);
        if (octets == null) {
            return failed(true, "5.1.2", "no address in the brackets");
        }
        try {
            InetAddress address = InetAddress.getByAddress(octets);
            return own.test(address)
                    ? failed(true, "5.4.6", "the address is one of this system")
                    : CompletableFuture.completedFuture(
                            List.of(new Endpoint(inner, new InetSocketAddress(address, port))));
        } catch (UnknownHostException e) {
            return failed(true, "5.1.2", "no address in the brackets");
        }
    }

    private CompletionStage<List<Endpoint>> addresses(String ascii, List<Exchanger> found) {
        if (found.size() == 1 && found.get(0).host().isEmpty()) {
            return failed(true, "5.1.10", "domain takes no mail (null MX)");
        }
        List<Exchanger> order = found.isEmpty() ? List.of(new Exchanger(0, ascii)) : order(found);
        CompletionStage<List<Host>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Exchanger each : order) {
            all = all.thenCombine(host(each), (list, host) -> {
                list.add(host);
                return list;
            });
        }
        return all.thenApply(this::endpoints);
    }

    /** Equal ones in any order: the load is theirs to share (RFC 5321 section 5.1). */
    private static List<Exchanger> order(List<Exchanger> found) {
        List<Exchanger> order = new ArrayList<>(found);
        Collections.shuffle(order);
        order.sort(Comparator.comparingInt(Exchanger::preference));
        return order.subList(0, Math.min(MOST_HOSTS, order.size()));
    }

    private record Host(
            Exchanger exchanger,
            List<InetAddress> addresses,
            @Nullable Unroutable problem) {}

    private CompletionStage<Host> host(Exchanger exchanger) {
        return names.addresses(exchanger.host())
                .handle((found, error) -> error == null
                        ? new Host(exchanger, found, null)
                        : new Host(exchanger, List.of(), Unroutable.of(error)));
    }

    private List<Endpoint> endpoints(List<Host> hosts) {
        int self = hosts.stream()
                .filter(this::isSelf)
                .mapToInt(host -> host.exchanger.preference())
                .min()
                .orElse(Integer.MAX_VALUE);
        List<Endpoint> usable = hosts.stream()
                .filter(host -> host.exchanger.preference() < self)
                .flatMap(host -> host.addresses.stream()
                        .map(address -> new Endpoint(host.exchanger.host(), new InetSocketAddress(address, port))))
                .limit(MOST_ADDRESSES)
                .toList();
        if (usable.isEmpty()) {
            throw new CompletionException(why(hosts, self < Integer.MAX_VALUE));
        }
        return usable;
    }

    private boolean isSelf(Host host) {
        return host.exchanger.host().equalsIgnoreCase(ownName)
                || host.addresses.stream().anyMatch(own);
    }

    private static Unroutable why(List<Host> hosts, boolean self) {
        for (Host host : hosts) {
            if (host.problem != null && !host.problem.isForever()) {
                return host.problem;
            }
        }
        return self
                ? new Unroutable(true, "5.4.6", "mail loops: this system is the mail exchanger")
                : new Unroutable(true, "5.4.4", "no mail exchanger of the domain has an address");
    }
}
