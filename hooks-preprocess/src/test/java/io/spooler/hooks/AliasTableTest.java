package io.spooler.hooks;

import static io.spooler.hooks.Messages.recipients;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Recipient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AliasTableTest {

    private static final Set<String> DOMAINS = Set.of("spooler.local");

    private static List<String> expand(String aliases, String... addresses) throws FormatException {
        return AliasParser.parse(aliases.lines().toList()).expand(recipients(addresses), DOMAINS).stream()
                .map(r -> r.address().toString())
                .toList();
    }

    @Test
    void expandsNamesLocallyAndInItsDomains() throws FormatException {
        String aliases = "team: ann@example.org, LOCAL:bob";
        List<String> both = List.of("SMTP:ann@example.org", "LOCAL:bob");
        assertThat(expand(aliases, "LOCAL:Team")).isEqualTo(both);
        assertThat(expand(aliases, "TEAM@Spooler.LOCAL")).isEqualTo(both);
        assertThat(expand(aliases, "team@example.org", "MQTT:team"))
                .containsExactly("SMTP:team@example.org", "MQTT:team");
    }

    @Test
    void prefersTheNameWithDomain() throws FormatException {
        String aliases = "info: LOCAL:a\ninfo@spooler.local: LOCAL:b\ninfo@example.org: LOCAL:c";
        assertThat(expand(aliases, "info@spooler.local", "Info@Example.org", "LOCAL:info"))
                .containsExactly("LOCAL:b", "LOCAL:c", "LOCAL:a");
    }

    @Test
    void removesDuplicatesWithAndWithoutAliases() throws FormatException {
        assertThat(expand("", "a@b.org", "c@d.org", "a@B.ORG", "A@b.org"))
                .as("the domain has no case, the local part may have")
                .containsExactly("SMTP:a@b.org", "SMTP:c@d.org", "SMTP:A@b.org");
        assertThat(expand("team: a@b.org, LOCAL:x, a@b.org", "a@b.org", "LOCAL:team", "team@spooler.local"))
                .containsExactly("SMTP:a@b.org", "LOCAL:x");
    }

    @Test
    void keepsTheSendersWishes() throws FormatException {
        Recipient asked = new Recipient(
                Address.smtp("team@spooler.local"), Set.of(Recipient.Notify.SUCCESS), "rfc822;first@x", null);
        List<Recipient> expanded = AliasParser.parse(List.of("team: a@b.org")).expand(List.of(asked), DOMAINS);
        assertThat(expanded).containsExactly(asked.withAddress(Address.smtp("a@b.org")));
        assertThat(expanded.get(0).original()).isEqualTo("rfc822;first@x");
    }

    @Test
    void expandsAliasesOfAliases() throws FormatException {
        assertThat(expand("all: LOCAL:team, boss@spooler.local\nteam: LOCAL:a, LOCAL:b\nboss: LOCAL:c", "LOCAL:all"))
                .containsExactly("LOCAL:a", "LOCAL:b", "LOCAL:c");
    }

    @Test
    void keepsACopyForAnAliasOfItself() throws FormatException {
        assertThat(expand("ann: LOCAL:ann, ann@example.org", "LOCAL:ann"))
                .containsExactly("LOCAL:ann", "SMTP:ann@example.org");
    }

    @Test
    void endsLoops() throws FormatException {
        assertThat(expand("a: LOCAL:b\nb: LOCAL:a, LOCAL:c", "LOCAL:a")).containsExactly("LOCAL:a", "LOCAL:c");
    }

    @Test
    void stopsTenDeep() throws FormatException {
        String chain = IntStream.range(0, 20)
                .mapToObj(i -> "a" + i + ": LOCAL:a" + (i + 1))
                .collect(Collectors.joining("\n"));
        assertThat(expand(chain, "LOCAL:a0")).containsExactly("LOCAL:a10");
    }

    @Test
    void staysQuickWithManyWaysToTheSameAlias() throws FormatException {
        String next = IntStream.range(0, 100).mapToObj(i -> "LOCAL:%1$s" + i).collect(Collectors.joining(", "));
        StringBuilder aliases = new StringBuilder();
        for (int level = 0; level < 9; level++) {
            for (int i = 0; i < 100; i++) {
                aliases.append("l" + level + "x" + i + ": " + String.format(next, "l" + (level + 1) + "x") + "\n");
            }
        }
        assertThat(expand(aliases.toString(), "LOCAL:l0x0")).hasSize(100);
    }
}
