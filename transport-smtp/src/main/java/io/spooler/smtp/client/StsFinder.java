package io.spooler.smtp.client;

import java.net.IDN;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The mail exchangers that a domain's MTA-STS policy allows, each with a certificate that names it; without a policy that is
 * enforced, all of them, as {@link TlsPolicy#MAY} has it.
 */
final class StsFinder implements Finder {

    private final String domain;
    private final Finder exchangers;
    private final Sts sts;

    /**
     * Asks nothing yet.
     *
     * @param domain where mail shall go
     * @param exchangers finds all
     * @param sts knows the policy
     */
    StsFinder(String domain, Finder exchangers, Sts sts) {
        this.domain = domain;
        this.exchangers = exchangers;
        this.sts = sts;
    }

    @Override
    public CompletionStage<List<Endpoint>> find() {
        return exchangers.find().thenCombine(policy(), this::apply);
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
            return all.stream()
                    .map(each ->
                            each.with(new Demand(TlsPolicy.MAY, "no MTA-STS policy of " + domain + " is enforced")))
                    .toList();
        }
        List<Endpoint> allowed = all.stream()
                .filter(each -> policy.get().allows(each.host()))
                .map(each -> each.with(new Demand(TlsPolicy.VERIFY, "by the MTA-STS policy of " + domain)))
                .toList();
        if (allowed.isEmpty()) {
            throw new CompletionException(new Unroutable(
                    false, "4.7.5", "the MTA-STS policy of " + domain + " allows none of its mail exchangers"));
        }
        return allowed;
    }
}
