package io.spooler.smtp.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The TLSA records of one server: whose certificates they vouch for (RFC 7671, RFC 7672 section 3). A certificate that signs
 * the server's must be among those that the server shows.
 *
 * @param base where the records were found: the name that the server is asked for (SNI)
 * @param names one of which a certificate must have, where the record is of one that signs it
 * @param records at least one; all are usable
 */
record TlsaSet(String base, List<String> names, List<Tlsa> records) {

    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";

    /**
     * Takes what can be used.
     *
     * @param base where the records were found
     * @param names that a certificate may have
     * @param found the records, secure
     * @return empty if none can be used
     */
    static Optional<TlsaSet> of(String base, List<String> names, List<Tlsa> found) {
        List<Tlsa> usable = found.stream().filter(Tlsa::isUsable).toList();
        List<Tlsa> strong =
                usable.stream().filter(one -> isStrongest(one, usable)).toList();
        return strong.isEmpty() ? Optional.empty() : Optional.of(new TlsaSet(base, names, strong));
    }

    /** Of two digests of the same, the stronger counts (RFC 7671 section 9). */
    private static boolean isStrongest(Tlsa one, List<Tlsa> all) {
        return one.matching() != 1
                || all.stream()
                        .noneMatch(other -> other.matching() == 2
                                && other.usage() == one.usage()
                                && other.selector() == one.selector());
    }

    /**
     * Looks at the certificates of a server.
     *
     * @param chain what it has shown, its own first
     * @param now the time; the server's own certificate may have expired where a record is of it (RFC 7672 section 3.1.1)
     * @return why they are not vouched for, for people; empty if they are
     */
    Optional<String> fault(List<X509Certificate> chain, Instant now) {
        X509Certificate own = chain.get(0);
        if (records.stream().anyMatch(record -> record.isOwn() && record.matches(own))) {
            return Optional.empty();
        }
        List<X509Certificate> anchors = chain.stream()
                .filter(one -> records.stream().anyMatch(record -> record.isIssuer() && record.matches(one)))
                .toList();
        if (anchors.isEmpty()) {
            return Optional.of("none of its certificates matches " + this);
        }
        return names.stream().noneMatch(name -> CertificateNames.covers(own, name))
                ? Optional.of("its certificate names none of " + names + ", as the TLSA records of " + base + " want")
                : broken(chain, anchors, now);
    }

    private Optional<String> broken(List<X509Certificate> chain, List<X509Certificate> anchors, Instant now) {
        List<X509Certificate> valid =
                anchors.stream().filter(one -> isValid(one, now)).toList();
        try {
            if (!valid.contains(chain.get(0))) {
                build(chain, valid, now);
            }
            return Optional.empty();
        } catch (GeneralSecurityException | IOException e) {
            String why = valid.isEmpty() ? "that has expired" : e.getMessage();
            return Optional.of("its certificate does not lead to that of " + this + ": " + why);
        }
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** As Java does it, from one of the anchors. */
    private static void build(List<X509Certificate> chain, List<X509Certificate> anchors, Instant now)
            throws GeneralSecurityException, IOException {
        X509CertSelector own = new X509CertSelector();
        own.setCertificate(chain.get(0));
        own.setExtendedKeyUsage(Set.of(FOR_SERVERS));
        Set<TrustAnchor> trusted =
                anchors.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, own);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    /** For people; no longer than there are kinds. */
    @Override
    public String toString() {
        return "the TLSA records of " + base + " ("
                + records.stream().map(Tlsa::kind).distinct().sorted().collect(Collectors.joining(", ")) + ")";
    }
}
