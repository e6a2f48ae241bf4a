package io.spooler.smtp.client;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Which hosts a certificate is for (RFC 7672 section 3.2.3). */
final class CertificateNames {

    private static final int DNS = 2;

    private CertificateNames() {}

    /** Whether a certificate names a host; its common name counts only where it has no names of hosts. */
    static boolean covers(X509Certificate certificate, String host) {
        try {
            List<String> names = alternatives(certificate);
            return (names.isEmpty() ? common(certificate) : names).stream().anyMatch(name -> matches(name, host));
        } catch (CertificateParsingException | InvalidNameException e) {
            return false;
        }
    }

    /**
     * Whether a name means a host.
     *
     * @param pattern a name; {@code *.} in front stands for one label
     * @param host a name
     */
    static boolean matches(String pattern, String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String wanted = pattern.toLowerCase(Locale.ROOT);
        return wanted.startsWith("*.")
                ? wanted.substring(1).equals(lower.substring(Math.max(0, lower.indexOf('.'))))
                : wanted.equals(lower);
    }

    private static List<String> alternatives(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        return all == null
                ? List.of()
                : all.stream()
                        .filter(name -> Integer.valueOf(DNS).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    private static List<String> common(X509Certificate certificate) throws InvalidNameException {
        List<String> names = new ArrayList<>();
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (part.getType().equalsIgnoreCase("CN")) {
                names.add(String.valueOf(part.getValue()));
            }
        }
        return names;
    }
}
