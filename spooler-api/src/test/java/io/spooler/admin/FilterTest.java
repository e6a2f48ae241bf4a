package io.spooler.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.admin.Filter.Addresses;
import io.spooler.admin.Filter.Field;
import io.spooler.admin.Filter.Ids;
import io.spooler.admin.Filter.Limit;
import io.spooler.admin.Filter.Names;
import io.spooler.admin.Filter.States;
import io.spooler.admin.Filter.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language in which administrators say whom they mean. */
class FilterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all | all",
                "'' | all",
                "'  ALL \t' | all",
                "to:ann@example.org | to:*:ann@example.org",
                "to:smtp:Ann@Example.org | to:SMTP:ann@example.org",
                "TO:LOCAL:ann,fax:*  -from:<> | to:LOCAL:ann,FAX:* -from:<>",
                "!from:*@example.com,<> | -from:<>,*:*@example.com",
                "domain:Example.ORG,*.example.net | domain:example.org,*.example.net",
                "type:smtp | type:smtp",
                "state:deferred,Waiting | state:WAITING,DEFERRED",
                "transport:smtp-* -transport:* | transport:smtp-* -transport:*",
                "age>120m | age>2h",
                "age<90s age>0d | age<90s age>0s",
                "size>10240 size<3m | size>10k size<3M",
                "attempts>3 | attempts>3",
                "to:\"a b@c,d\" | to:\"*:a b@c,d\"",
                "to:\"\\\"a\\\\\\\"b\\\"@c\" | to:\"*:\\\"a\\\\\\\"b\\\"@c\"",
                "to:x400:a:b | to:X400:a:b",
                "to:a-b:c | to:*:a-b:c",
                "to:a@b:c | to:*:a@b:c",
            })
    void is_read_and_written(String text, String written) {
        Filter filter = Filter.parse(text);
        assertThat(filter).hasToString(written);
        assertThat(Filter.parse(written)).isEqualTo(filter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bogus:x | bogus:x: not a term; allowed are from: to: domain: type: transport: state: id: age>2h size>10k",
                "to | to: not a term",
                "ann@example.org | ann@example.org: not a term",
                "to=x | to=x: not a term",
                "- | -: not a term",
                "-all | -all: not a term",
                "to>x | to>x: to takes a colon",
                "state:LOST | state:LOST: no state is named LOST; allowed are [READY, OFFERED, WAITING,",
                "state: | state:: a value is missing",
                "to:a,,b | to:a,,b: a value is missing",
                "to:<> | to:<>: only a sender can be <>",
                "to:SMTP: | to:SMTP:: address pattern must be TYPE:glob",
                "age:2h | age:2h: age takes > or < and a whole number with one of d, h, m, s, for example age>2h",
                "age>2 | age>2: age takes",
                "age>2w | age>2w: age takes",
                "age>-2h | age>-2h: age takes",
                "age>2h,3h | age>2h,3h: age takes",
                "age>999999999999999999d | age>999999999999999999d: age takes",
                "size>1.5k | size>1.5k: size takes > or < and a whole number with one of G, M, k, for example size>10k",
                "size>99999999999999999999 | size>99999999999999999999: size takes",
                "attempts>3k | attempts>3k: attempts takes > or < and a whole number, for example attempts>3",
                "id:123 | id:123: not a spool id",
                "type:SMTP to:\"open | to:\"open: a quote is not closed",
            })
    void what_cannot_be_read_is_named_with_what_is_allowed(String text, String message) {
        assertThatThrownBy(() -> Filter.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to:\u001b[2J",
                "to:\"a\nb\"",
                "to:\"a\\\nb\"",
                "\u202Eto:x",
                "to:a\u0000b",
                "\u001b]0;evil\u0007:x",
                "age>\u0661h",
                "id:../../etc/passwd",
                "state:\u202EDLEH"
            })
    void hostile_text_is_refused_harmlessly(String text) {
        assertThatThrownBy(() -> Filter.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContainPattern("\\p{Cntrl}")
                        .doesNotContain("\u202E"));
    }

    @Test
    void size_is_bounded() {
        assertThatThrownBy(() -> Filter.parse("x".repeat(100_001))).hasMessageContaining("at most 100000 characters");
        assertThatThrownBy(() -> Filter.parse("to:x ".repeat(101))).hasMessageContaining("at most 100 terms");
        assertThatThrownBy(() -> Filter.parse("x".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void what_makes_no_sense_cannot_be_built() {
        assertThatThrownBy(() -> new Addresses(Field.TO, List.of(), true)).hasMessageContaining("from or to");
        assertThatThrownBy(() -> new Addresses(Field.TO, List.of(), false)).hasMessageContaining("an address");
        assertThatThrownBy(() -> new Addresses(Field.TO, List.of(new AddressPattern("A-B", "x")), false))
                .hasMessageContaining("type");
        assertThatThrownBy(() -> new Names(Field.TO, List.of("x"))).hasMessageContaining("domain, type or transport");
        assertThatThrownBy(() -> new States(Set.of())).hasMessageContaining("a state");
        assertThatThrownBy(() -> new Ids(Set.of())).hasMessageContaining("an id");
        assertThatThrownBy(() -> new Limit(Field.SIZE, true, -1)).hasMessageContaining("an amount");
        assertThatThrownBy(() -> new Limit(Field.TO, true, 1)).hasMessageContaining("age, size or attempts");
    }

    /** Whatever can be said reads back as what was meant. */
    @Test
    void every_filter_reads_back() {
        for (int seed = 0; seed < 20_000; seed++) {
            Filter filter = new Maker(new SplittableRandom(seed)).filter();
            assertThat(Filter.parse(filter.toString()))
                    .as("seed %d: %s", seed, filter)
                    .isEqualTo(filter);
        }
    }

    /** Whatever is typed is read or refused, and nothing else. */
    @Test
    void any_text_is_read_or_refused() {
        String[] pieces = {
            "to",
            "from",
            "age",
            "size",
            "state",
            "id",
            ":",
            ">",
            "<",
            "<>",
            ",",
            "\"",
            "\\",
            " ",
            "-",
            "!",
            "*",
            "2h",
            "k",
            "all",
            "HELD",
            "SMTP",
            "@",
            "\n",
            "\u0000",
            "\u202E",
            "\uD800",
            "9".repeat(30)
        };
        for (int seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                Filter filter = Filter.parse(text.toString());
                assertThat(Filter.parse(filter.toString())).as("seed %d", seed).isEqualTo(filter);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d", seed).doesNotContainPattern("\\p{Cntrl}");
            }
        }
    }

    /** Makes filters of every kind. */
    private record Maker(SplittableRandom random) {

        private static final String SIGNS = "abcXYZ019.@*:;,\"\\ <>-_!/=+'\u00e4\u3042\u0130";

        Filter filter() {
            List<Term> terms = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                terms.add(new Term(random.nextBoolean(), test()));
            }
            return new Filter(terms);
        }

        private Filter.Test test() {
            return switch (random.nextInt(5)) {
                case 0 -> {
                    Field field = random.nextBoolean() ? Field.FROM : Field.TO;
                    boolean nobody = field == Field.FROM && random.nextBoolean();
                    yield new Addresses(field, many(nobody ? 0 : 1).map(this::pattern), nobody);
                }
                case 1 -> new Names(pick(List.of(Field.DOMAIN, Field.TYPE, Field.TRANSPORT)), many(1).map(i -> text()));
                case 2 ->
                    new States(new HashSet<>(many(1).map(i -> pick(List.copyOf(EnumSet.allOf(RecipientState.class))))));
                case 3 ->
                    new Ids(new HashSet<>(
                            many(1).map(i -> SpoolId.next(Instant.ofEpochMilli(random.nextInt()), random))));
                default ->
                    new Limit(pick(List.of(Field.AGE, Field.SIZE, Field.ATTEMPTS)), random.nextBoolean(), amount());
            };
        }

        private long amount() {
            long[] units = {1, 60, 3_600, 86_400, 1L << 10, 1L << 20, 1L << 30};
            return random.nextInt(5) == 0
                    ? random.nextLong(1_000_000_000_000_000_000L)
                    : random.nextInt(2_000) * units[random.nextInt(units.length)];
        }

        private AddressPattern pattern(int i) {
            return new AddressPattern(pick(List.of("*", "SMTP", "LOCAL", "X400")), text());
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(10); i >= 0; i--) {
                text.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
            }
            return text.toString();
        }

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private Times many(int least) {
            return new Times(least + random.nextInt(3));
        }
    }

    private record Times(int count) {

        <T> List<T> map(java.util.function.IntFunction<T> maker) {
            List<T> list = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                list.add(maker.apply(i));
            }
            return list;
        }
    }
}
