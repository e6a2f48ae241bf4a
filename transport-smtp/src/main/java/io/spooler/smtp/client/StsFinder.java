package io.spooler.smtp.client;

import java.net.IDN;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The mail exchangers that a domain's MTA-STS policy allows, each with a certificate that names it; without a policy that is
 * enforced, all of them, as {@link TlsPolicy#MAY} has it. Those whose certificate DANE tells are not its matter
 * (RFC 8461 section 2): they stay as they are.
 */
final class StsFinder implements Finder {

    private final String domain;
    private final Finder exchangers;
    private final Sts sts;

    /**
     * Asks nothing yet.
     *
     * @param domain where mail shall go
     * @param exchangers finds all, with what DANE wants of them, if that is asked
     * @param sts knows the policy
     */
    StsFinder(String domain, Finder exchangers, Sts sts) {
        this.domain = domain;
        this.exchangers = exchangers;
        this.sts = sts;
    }

    @Override
    public CompletionStage<List<Endpoint>> find() {
        return exchangers
                .find()
                .thenCompose(all -> all.stream().allMatch(StsFinder::isOfDane)
                        ? CompletableFuture.completedFuture(all)
                        : policy().thenApply(policy -> apply(all, policy)));
    }

    private static boolean isOfDane(Endpoint server) {
        return server.tlsa() != null;
    }

    private CompletionStage<Optional<StsPolicy>> policy() {
        try {
            return domain.startsWith("[")
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : sts.of(IDN.toASCII(domain));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private List<Endpoint> apply(List<Endpoint> all, Optional<StsPolicy> policy) {
        if (policy.isEmpty() || !policy.get().enforced()) {
            Demand may = new Demand(TlsPolicy.MAY, "no MTA-STS policy of " + domain + " is enforced");
            return all.stream()
                    .map(each -> each.demand() == null ? each.with(may) : each)
                    .toList();
        }
        Demand verify = new Demand(TlsPolicy.VERIFY, "by the MTA-STS policy of " + domain);
        List<Endpoint> allowed = all.stream()
                .filter(each -> isOfDane(each) || policy.get().allows(each.host()))
                .map(each -> isOfDane(each) ? each : each.with(verify))
                .toList();
        if (allowed.isEmpty()) {
            throw new CompletionException(new Unroutable(
                    false, "4.7.5", "the MTA-STS policy of " + domain + " allows none of its mail exchangers"));
        }
        return allowed;
    }
}
