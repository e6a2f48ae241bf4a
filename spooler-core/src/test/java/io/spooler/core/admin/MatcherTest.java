package io.spooler.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.store.QueueFilter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a filter selects, and what of it a store is asked. */
class MatcherTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
    private static final SpoolId ID = SpoolId.parse("01KJMMA2G0XF6CAGEPX6ANDBCD");

    private static Matcher matcher(String filter) {
        return new Matcher(Filter.parse(filter), NOW);
    }

    private static RecipientStatus recipient(String address, RecipientState state, int attempts, String transport) {
        return new RecipientStatus(Recipient.of(Address.parse(address)), state, attempts, NOW, NOW, transport, null);
    }

    private static MessageStatus message(SpoolId id, Address sender, long size, RecipientStatus... recipients) {
        return new MessageStatus(id, sender, NOW.minusSeconds(7200), size, List.of(recipients), false);
    }

    @ParameterizedTest
    @CsvSource({
        "all, true",
        "from:sender@example.com, true",
        "from:LOCAL:sender@example.com, false",
        "from:SMTP:SENDER@*, true",
        "from:<>, false",
        "-from:<>, true",
        "from:<>;*.com, true",
        "to:ann@example.org, true",
        "to:*@EXAMPLE.org, true",
        "to:bob@*;ann@*, true",
        "-to:bob@*;ann@*, false",
        "domain:example.org, true",
        "domain:sub.example.org, false",
        "domain:*.org;*.net, true",
        "type:smtp, true",
        "type:s*p, true",
        "type:LOCAL, false",
        "transport:smtp-hop, true",
        "transport:SMTP-*, true",
        "transport:other, false",
        "-transport:*, false",
        "state:DEFERRED, true",
        "state:READY;HELD, false",
        "id:01kjmma2g0xf6cagepx6andbcd, true",
        "-id:01KJMMA2G0XF6CAGEPX6ANDBCD, false",
        "age>119m, true",
        "age>2h, false",
        "age<2h, false",
        "age<121m, true",
        "size>9k, true",
        "size>10k, false",
        "size<10k, false",
        "attempts>2, true",
        "attempts>3, false",
        "attempts<4, true",
        "from:*.com to:*.org age>1h -state:HELD, true",
        "from:*.com to:*.net age>1h -state:HELD, false",
    })
    void selects(String filter, boolean expected) {
        RecipientStatus recipient = recipient("ann@example.org", RecipientState.DEFERRED, 3, "smtp-hop");
        MessageStatus message = message(ID, Address.smtp("sender@example.com"), 10_240, recipient);
        assertThat(matcher(filter.replace(';', ',')).matches(message, recipient))
                .isEqualTo(expected);
    }

    @Test
    void what_is_not_there_matches_nothing() {
        RecipientStatus recipient = recipient("LOCAL:ann", RecipientState.WAITING, 0, null);
        MessageStatus message = message(ID, null, 1, recipient);
        for (String filter : List.of("from:*", "transport:*", "domain:*.org")) {
            assertThat(matcher(filter).matches(message)).as(filter).isFalse();
        }
        assertThat(matcher("from:<> -transport:* domain:*").matches(message)).isTrue();
    }

    @Test
    void all_terms_must_hold_for_the_same_recipient() {
        MessageStatus message = message(
                ID,
                null,
                1,
                recipient("ann@example.org", RecipientState.HELD, 0, null),
                recipient("bob@example.net", RecipientState.WAITING, 0, null));
        assertThat(matcher("domain:example.org state:HELD").matches(message)).isTrue();
        assertThat(matcher("domain:example.org state:WAITING").matches(message)).isFalse();
    }

    @Test
    void stores_are_asked_what_they_can_look_at() {
        assertThat(matcher("all").stored()).contains(QueueFilter.ALL);
        assertThat(matcher("-state:HELD").stored().orElseThrow().states())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(RecipientState.HELD, RecipientState.OFFERED)));
        assertThat(matcher("state:HELD to:*@a.example type:SMTP").stored())
                .contains(
                        new QueueFilter(Set.of(RecipientState.HELD), List.of(new AddressPattern("*", "*@a.example"))));
        assertThat(matcher("type:SMTP,FAX").stored().orElseThrow().patterns())
                .containsExactly(new AddressPattern("SMTP", "*"), new AddressPattern("FAX", "*"));
        assertThat(matcher("domain:a.example,*.b").stored().orElseThrow().patterns())
                .containsExactly(new AddressPattern("*", "*@a.example"), new AddressPattern("*", "*@*.b"));
        assertThat(matcher("state:OFFERED").stored().orElseThrow().states())
                .contains(RecipientState.READY, RecipientState.WAITING, RecipientState.DEFERRED)
                .doesNotContain(RecipientState.OFFERED);
        assertThat(matcher("state:HELD -state:HELD").stored()).isEmpty();
        assertThat(matcher("id:" + ID).ids()).contains(Set.of(ID));
        assertThat(matcher("-id:" + ID).ids()).isEmpty();
    }

    /** A store that was asked for less would hide what is selected. */
    @Test
    void stores_are_never_asked_for_less_than_is_selected() {
        String[] terms = {
            "to:*@a.example",
            "to:ann@*,LOCAL:*",
            "domain:a.example",
            "domain:*",
            "domain:*.example,",
            "type:SMTP",
            "type:s*",
            "state:READY",
            "state:HELD,WAITING",
            "state:OFFERED",
            "attempts>1",
            "from:<>",
            "transport:t*"
        };
        List<RecipientState> open = List.of(
                RecipientState.READY,
                RecipientState.OFFERED,
                RecipientState.WAITING,
                RecipientState.DEFERRED,
                RecipientState.HELD);
        String[] addresses = {"ann@a.example", "bob@b.example", "LOCAL:ann", "FAX:1", "SMTP:nobody"};
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder filter = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String term = terms[random.nextInt(terms.length)];
                filter.append(random.nextInt(3) == 0 ? "-" : "")
                        .append(term.endsWith(",") ? term + "*.org" : term)
                        .append(' ');
            }
            RecipientState state = open.get(random.nextInt(open.size()));
            RecipientStatus shown = recipient(
                    addresses[random.nextInt(addresses.length)],
                    state,
                    random.nextInt(3),
                    random.nextBoolean() ? "t1" : null);
            RecipientStatus stored = state != RecipientState.OFFERED
                    ? shown
                    : new RecipientStatus(
                            shown.recipient(),
                            RecipientState.READY,
                            shown.attempts(),
                            NOW,
                            NOW,
                            shown.transport(),
                            null);
            Matcher matcher = matcher(filter.toString());
            if (matcher.matches(message(ID, null, 1, shown), shown)) {
                assertThat(matcher.stored().map(f -> f.matches(stored)))
                        .as("seed %d: %s", seed, filter)
                        .contains(true);
            }
        }
    }
}
