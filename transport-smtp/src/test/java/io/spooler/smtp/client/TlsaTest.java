package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.Type;

/** What TLSA records vouch for. */
class TlsaTest {

    private final Instant now = Instant.now();

    @TempDir
    static Path directory;

    private static List<X509Certificate> issued;
    private static List<X509Certificate> other;
    private static List<X509Certificate> unfit;
    private static List<X509Certificate> plain;

    @BeforeAll
    static void makeCertificates() throws Exception {
        // It expires three days before what signs it.
        issued = TestCertificate.issued(sub("issued"), "dns:here.test,dns:*.wild.test", "-startdate", "-3d")
                .chain();
        other = TestCertificate.issued(sub("other"), "dns:here.test").chain();
        unfit = TestCertificate.issued(sub("unfit"), "dns:here.test", "-ext", "EKU=clientAuth")
                .chain();
        // Its only name is the common one, "test".
        plain = TestCertificate.make(sub("plain"), "email:ann@example.org").chain();
    }

    private static Path sub(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    private static Tlsa record(int usage, int matching, X509Certificate certificate) throws Exception {
        byte[] digest =
                MessageDigest.getInstance(matching == 1 ? "SHA-256" : "SHA-512").digest(certificate.getEncoded());
        return new Tlsa(usage, 0, matching, HexFormat.of().formatHex(digest));
    }

    private static String fault(List<X509Certificate> chain, Instant when, String name, Tlsa... records) {
        TlsaSet set = TlsaSet.of("here.test", List.of(name), List.of(records)).orElseThrow();
        return set.fault(chain, when).orElse("");
    }

    private String fault(List<X509Certificate> chain, Tlsa... records) {
        return fault(chain, now, "here.test", records);
    }

    @Test
    void anIssuerMustHaveSignedIt() throws Exception {
        X509Certificate authority = issued.get(1);
        assertThat(fault(issued, record(2, 1, authority))).isEmpty();
        assertThat(fault(List.of(issued.get(0)), record(2, 1, authority))).contains("none of its certificates");
        assertThat(fault(List.of(other.get(0), authority), record(2, 1, authority)))
                .as("shown, but not the one that signed it")
                .contains("does not lead to that of the TLSA records of here.test (2 0 1)");
        assertThat(fault(List.of(other.get(0), plain.get(0)), record(2, 1, plain.get(0))))
                .as("no authority")
                .contains("does not lead");
    }

    @Test
    void theRestOfWhatIsShownMayBeInAnyOrder() throws Exception {
        List<X509Certificate> mixed = List.of(issued.get(0), other.get(1), plain.get(0), issued.get(1));
        assertThat(fault(mixed, record(2, 1, issued.get(1)))).isEmpty();
    }

    @Test
    void oneThatIsSignedMustBeForServersAndOfToday() throws Exception {
        assertThat(fault(unfit, record(2, 1, unfit.get(1)))).contains("does not lead");
        assertThat(fault(unfit, record(3, 1, unfit.get(0)))).isEmpty();
        Instant later = now.plus(Duration.ofDays(5));
        assertThat(fault(issued, later, "here.test", record(2, 1, issued.get(1))))
                .contains("does not lead");
        assertThat(fault(issued, later, "here.test", record(3, 1, issued.get(0))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HERE.test,true", "a.wild.test,true", "wild.test,false", "a.b.wild.test,false", "test,false"})
    void oneThatIsSignedMustHaveTheName(String name, boolean good) throws Exception {
        String fault = fault(issued, now, name, record(2, 1, issued.get(1)));
        assertThat(fault.isEmpty()).isEqualTo(good);
    }

    @Test
    void theCommonNameCountsWhereThereIsNoOther() throws Exception {
        assertThat(fault(plain, now, "test", record(2, 1, plain.get(0)))).isEmpty();
        assertThat(fault(plain, record(2, 1, plain.get(0)))).contains("names none of [here.test]");
    }

    @Test
    void theStrongerDigestOfTheSameCounts() throws Exception {
        X509Certificate own = issued.get(0);
        X509Certificate wrong = other.get(0);
        assertThat(fault(issued, record(3, 1, own), record(3, 2, wrong))).contains("(3 0 2)");
        assertThat(fault(issued, record(3, 1, wrong), record(3, 2, own))).isEmpty();
        assertThat(fault(issued, record(3, 1, own), record(2, 2, wrong)))
                .as("of another use")
                .isEmpty();
    }

    /** Whatever octets a record is made of, it is used or passed over. */
    @Test
    void anyOctetsAreARecordOrNone() throws Exception {
        Random random = new Random(20_261_127);
        Name name = Name.fromString("_25._tcp.here.test.");
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = octets(random);
            Record dns = Record.newRecord(name, Type.TLSA, DClass.IN, 0, octets);
            if (dns == null) {
                // Not even three numbers: as if the name server had said nothing.
                assertThat(octets).hasSizeLessThan(4);
                continue;
            }
            Tlsa tlsa = SecureDns.tlsa((TLSARecord) dns);
            boolean vouched = TlsaSet.of("here.test", List.of("here.test"), List.of(tlsa))
                    .map(set -> set.fault(issued, now).isEmpty())
                    .orElse(false);
            assertThat(vouched).as("octets %s", tlsa).isFalse();
        }
    }

    /** Mostly such as nearly are a record. */
    private static byte[] octets(Random random) {
        int[] lengths = {0, 1, 2, 3, 4, 34, 35, 36, 66, 67, 68, random.nextInt(600)};
        byte[] octets = new byte[lengths[random.nextInt(lengths.length)]];
        random.nextBytes(octets);
        for (int i = 0; i < Math.min(3, octets.length) && random.nextInt(8) > 0; i++) {
            octets[i] = (byte) random.nextInt(4);
        }
        return octets;
    }
}
