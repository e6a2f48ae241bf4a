package io.spooler.smtp.client;

import io.spooler.settings.SettingsException;
import io.spooler.smtp.client.Names.Exchanger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks name servers that validate, and takes their word for it (the bit AD, RFC 6840 section 5.7). So they must be on this
 * machine, or the administrator must vouch for the way to them: on the network anybody could set the bit. Answers are not kept
 * here, since such a server keeps them itself. By dnsjava; any thread; nothing blocks.
 */
final class SecureDns implements SecureNames {

    private static final int MOST_ALIASES = 8;

    private final org.xbill.DNS.Resolver resolver;
    private final Executor executor;

    private SecureDns(List<InetSocketAddress> servers, Executor executor) {
        this.resolver = Dns.resolver(servers);
        this.executor = executor;
    }

    /**
     * Asks nothing yet.
     *
     * @param settings say whom to ask
     * @param executor runs what follows an answer
     * @return ready to ask
     * @throws SettingsException if what the name servers say cannot be believed
     */
    static SecureDns of(ClientSettings settings, Executor executor) throws SettingsException {
        List<InetSocketAddress> servers =
                settings.dns().isEmpty() ? ResolverConfig.getCurrentConfig().servers() : settings.dns();
        boolean local = !servers.isEmpty()
                && servers.stream().allMatch(one -> one.getAddress().isLoopbackAddress());
        if (!local && !settings.dnsTrusted()) {
            throw new SettingsException(List.of(ClientSettings.PID + ": tls="
                    + settings.tls().policy().word()
                    + " needs name servers on this machine that validate DNSSEC, such as dns=127.0.0.1;"
                    + " or dns_trusted=true, if nobody can change what those answer that are used: " + servers));
        }
        return new SecureDns(servers, executor);
    }

    /**
     * What a name server says.
     *
     * @param records of the type that was asked for, at the end of all aliases
     * @param name that end
     * @param isSecure whether it is authentic
     * @param exists whether there is such a name
     */
    private record Answer(List<Record> records, String name, boolean isSecure, boolean exists) {

        <T> Found<T> found(List<T> values) {
            return new Found<>(values, name, isSecure);
        }
    }

    @Override
    public CompletionStage<Found<Exchanger>> exchangers(String domain) {
        return ask(domain, Type.MX).thenApply(answer -> {
            if (!answer.exists) {
                throw new CompletionException(new Unroutable(true, "5.1.2", domain + " does not exist"));
            }
            return answer.found(Dns.exchangers(answer.records));
        });
    }

    @Override
    public CompletionStage<Found<Tlsa>> tlsa(String service) {
        return ask(service, Type.TLSA)
                .thenApply(answer -> answer.found(answer.records.stream()
                        .filter(TLSARecord.class::isInstance)
                        .map(one -> tlsa((TLSARecord) one))
                        .toList()));
    }

    static Tlsa tlsa(TLSARecord dns) {
        return new Tlsa(
                dns.getCertificateUsage(),
                dns.getSelector(),
                dns.getMatchingType(),
                HexFormat.of().formatHex(dns.getCertificateAssociationData()));
    }

    @Override
    public CompletionStage<Boolean> isSecureAlias(String host) {
        return ask(host, Type.CNAME).thenApply(answer -> answer.isSecure && !answer.records.isEmpty());
    }

    @Override
    public CompletionStage<Found<InetAddress>> addresses(String host) {
        return attempt(host, Type.A).thenCombine(attempt(host, Type.AAAA), (four, six) -> {
            List<Answer> answers = Stream.of(four, six)
                    .flatMap(one -> Stream.ofNullable(one.answer))
                    .toList();
            List<InetAddress> all = answers.stream()
                    .flatMap(one -> one.records.stream().map(Dns::address))
                    .filter(Objects::nonNull)
                    .toList();
            Unroutable why = four.problem != null ? four.problem : six.problem;
            if (all.isEmpty()) {
                throw new CompletionException(
                        why != null ? why : new Unroutable(true, "5.4.4", host + " has no address"));
            }
            return new Found<>(all, answers.get(0).name, answers.stream().allMatch(Answer::isSecure));
        });
    }

    private record Attempt(
            @Nullable Answer answer, @Nullable Unroutable problem) {}

    private CompletionStage<Attempt> attempt(String host, int type) {
        return ask(host, type)
                .thenApply(answer -> new Attempt(answer, null))
                .exceptionally(error -> new Attempt(null, Unroutable.of(error)));
    }

    private CompletionStage<Answer> ask(String host, int type) {
        Name name;
        try {
            name = Name.fromString(host, Name.root);
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(new Unroutable(true, "5.1.2", host + " is no domain"));
        }
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.getHeader().setFlag(Flags.AD);
        return resolver.sendAsync(query, executor).handle((answer, error) -> {
            int code = answer == null ? Rcode.SERVFAIL : answer.getRcode();
            if (answer == null || (code != Rcode.NOERROR && code != Rcode.NXDOMAIN)) {
                throw failed(host, type, error == null ? Rcode.string(code) : error.toString());
            }
            Name end = end(answer, name, type);
            List<Record> records = answer.getSection(Section.ANSWER).stream()
                    .filter(one -> one.getType() == type && one.getName().equals(end))
                    .toList();
            boolean secure = answer.getHeader().getFlag(Flags.AD);
            return new Answer(records, end.toString(true), secure, code != Rcode.NXDOMAIN);
        });
    }

    private static CompletionException failed(String host, int type, String why) {
        return new CompletionException(
                new Unroutable(false, "4.4.3", "cannot look up " + Type.string(type) + " of " + host + ": " + why));
    }

    /** A server that is asked to does all of the way itself, so that its answer has it. */
    private static Name end(Message answer, Name name, int type) {
        Name at = name;
        for (int i = 0; i <= MOST_ALIASES; i++) {
            Optional<Name> next = type == Type.CNAME ? Optional.empty() : target(answer, at);
            if (next.isEmpty()) {
                return at;
            }
            at = next.get();
        }
        throw failed(name.toString(true), type, "too many aliases");
    }

    private static Optional<Name> target(Message answer, Name from) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(one -> one instanceof CNAMERecord && one.getName().equals(from))
                .map(one -> ((CNAMERecord) one).getTarget())
                .findFirst();
    }
}
