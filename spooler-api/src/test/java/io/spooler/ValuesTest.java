package io.spooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Recipient.Notify;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values and their checks. */
class ValuesTest {

    @Test
    void a_spool_id_survives_text_and_sorts_by_time() {
        SplittableRandom random = new SplittableRandom(42);
        Instant time = Instant.parse("2026-11-23T10:15:30.123Z");
        SpoolId last = SpoolId.next(time.minusMillis(1), random);
        for (int i = 0; i < 1000; i++) {
            SpoolId id = SpoolId.next(time.plusMillis(i), random);
            assertThat(SpoolId.parse(id.toString())).isEqualTo(id);
            assertThat(SpoolId.parse(id.toString().toLowerCase(java.util.Locale.ROOT)))
                    .isEqualTo(id);
            assertThat(id.toString()).hasSize(26).isGreaterThan(last.toString());
            assertThat(id).isGreaterThan(last);
            assertThat(id.time()).isEqualTo(time.plusMillis(i));
            last = id;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0123456789ABCDEFGHJKMNPQRU", "../../etc/passwd1234567890"
            })
    void what_is_no_spool_id_is_refused(String text) {
        assertThatThrownBy(() -> SpoolId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.org, SMTP, ann@example.org",
        "smtp:ann@example.org, SMTP, ann@example.org",
        "LOCAL:ann, LOCAL, ann",
        "MQTT:plant/7, MQTT, plant/7",
        "X400:a:b, X400, a:b"
    })
    void an_address_is_read(String text, String type, String value) {
        assertThat(Address.parse(text)).isEqualTo(new Address(type, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann", "LOCAL:", ":ann", "A-B:x", "SMTP:a\rb", "SMTP:a\u0000b", "SMTP:a\nb@c"})
    void what_is_no_address_is_refused_without_repeating_control_characters(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Ann Lee <ann@example.org>|SMTP:ann@example.org",
                "Ann<ann@example.org>|SMTP:ann@example.org",
                "\"Lee, <Ann>\" <ann@example.org>|SMTP:ann@example.org",
                "<\"a<b\"@example.org>|SMTP:\"a<b\"@example.org",
                "Ann [FAX:+351 21 000 0000]|FAX:+351 21 000 0000",
                "[FAX:1]|FAX:1",
                "Ann < LOCAL:ann >|LOCAL:ann",
                "  ann@[192.0.2.1] |SMTP:ann@[192.0.2.1]",
                "Ann <ann@[192.0.2.1]>|SMTP:ann@[192.0.2.1]",
                "LIST:team|LIST:team"
            })
    void an_address_may_have_a_name_in_front(String text, String expected) {
        assertThat(Address.resolve(text)).isEqualTo(Address.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ann Lee", "Ann <ann@example.org", "Ann <ann@example.org> x", "Ann <>", "Ann [FAX:1>", ""})
    void what_is_no_address_is_refused_with_a_name_in_front_as_well(String text) {
        assertThatThrownBy(() -> Address.resolve(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_copy_has_an_id_of_its_own_that_leads_back() {
        SpoolId id = SpoolId.next(Instant.parse("2026-03-01T12:00:00Z"), new SplittableRandom(1));
        assertThat(id.sentCopy()).isNotEqualTo(id);
        assertThat(id.sentCopy().time()).isEqualTo(id.time());
        assertThat(id.sentCopy().sentCopy()).isEqualTo(id);
        SpoolId copy = id.copyFor(Address.smtp("ann@example.org"));
        assertThat(copy).isEqualTo(id.copyFor(Address.smtp("ann@example.org"))).isNotIn(id, id.sentCopy());
        assertThat(copy.time()).isEqualTo(id.time());
        assertThat(id.copyFor(Address.smtp("bob@example.org"))).isNotEqualTo(copy);
    }

    @Test
    void an_address_knows_its_parts_and_its_key() {
        Address address = Address.smtp("\"a@b\"@Example.ORG");
        assertThat(address.domain()).isEqualTo("example.org");
        assertThat(address.localPart()).isEqualTo("\"a@b\"");
        assertThat(address.key()).isEqualTo("SMTP:\"a@b\"@example.org");
        assertThat(new Address("LOCAL", "Ann").domain()).isEmpty();
        assertThat(new Address("LOCAL", "Ann").localPart()).isEqualTo("Ann");
        assertThat(new Address("LOCAL", "Ann").key()).isEqualTo("LOCAL:Ann");
    }

    @ParameterizedTest
    @CsvSource({
        "SMTP:*@example.org, SMTP:ann@EXAMPLE.org, true",
        "SMTP:*@example.org, SMTP:ann@sub.example.org, false",
        "SMTP:*, SMTP:x@y, true",
        "SMTP:*, LOCAL:x, false",
        "*:*, LOCAL:x, true",
        "SMTP:a*b*c, SMTP:axxbyyc, true",
        "SMTP:a*b*c, SMTP:axxbyy, false",
        "SMTP:a**, SMTP:a, true",
        "SMTP:?, SMTP:x, false",
        "*@example.org, SMTP:ann@example.org, true"
    })
    void patterns_match(String pattern, String address, boolean expected) {
        assertThat(AddressPattern.parse(pattern).matches(Address.parse(address)))
                .isEqualTo(expected);
    }

    @Test
    void a_pattern_with_many_stars_is_quick() {
        AddressPattern pattern = new AddressPattern("SMTP", "*a".repeat(200) + "b");
        Address address = Address.smtp("a".repeat(1000));
        org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(1),
                () -> assertThat(pattern.matches(address)).isFalse());
    }

    @Test
    void a_reply_is_made_harmless() {
        Reply reply = new Reply("5.1.1", "no\u001b[31m such\r\nuser\u202e" + "x".repeat(5000));
        assertThat(reply.text())
                .doesNotContainPattern("\\p{Cntrl}")
                .doesNotContain("\u202e")
                .startsWith("no [31m such");
        assertThat(reply.text().length()).isLessThanOrEqualTo(2048);
        assertThatThrownBy(() -> new Reply("999", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_reply_is_cut_by_octets() {
        for (String one : List.of("x", "\u00fc", "\u20ac", "\ud83d\ude00")) {
            int octets = one.getBytes(StandardCharsets.UTF_8).length;
            assertThat(Reply.clean(one.repeat(1000) + "\nb")).isEqualTo(one.repeat(512 / octets) + " b");
            String whole = Reply.clean((one.repeat(1000) + "\n").repeat(9));
            assertThat(whole.getBytes(StandardCharsets.UTF_8).length).isBetween(2044, 2048);
        }
        assertThat(Reply.clean("x" + "\u20ac".repeat(171) + "y\nz"))
                .as("nothing stands behind what was cut off")
                .isEqualTo("x" + "\u20ac".repeat(170) + " z");
        assertThat(Reply.clean("a\ud83d")).isEqualTo("a");
    }

    @Test
    void never_excludes_the_other_wishes() {
        Address ann = Address.smtp("ann@example.org");
        assertThatThrownBy(() -> new Recipient(ann, Set.of(Notify.NEVER, Notify.SUCCESS), null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Recipient.of(ann).wants(Notify.FAILURE)).isTrue();
        assertThat(Recipient.of(ann).wants(Notify.DELAY)).isTrue();
        assertThat(Recipient.of(ann).wants(Notify.SUCCESS)).isFalse();
        assertThat(new Recipient(ann, Set.of(Notify.NEVER), null, null).wants(Notify.FAILURE))
                .isFalse();
        assertThat(Recipient.of(ann)
                        .withAddress(Address.smtp("bob@example.org"))
                        .original())
                .isEqualTo("rfc822;ann@example.org");
    }

    @Test
    void content_is_read_as_a_stream() throws IOException {
        byte[] bytes = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Content content = new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(long position, ByteBuffer target) {
                if (position >= bytes.length) {
                    return -1;
                }
                // Short reads are legal.
                int count = Math.min(Math.min(target.remaining(), 7), bytes.length - (int) position);
                target.put(bytes, (int) position, count);
                return count;
            }
        };
        try (InputStream in = content.open()) {
            assertThat(in).hasSameContentAs(new ByteArrayInputStream(bytes));
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
