package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasParserTest {

    private static AliasTable parse(String text) throws FormatException {
        return AliasParser.parse(text.lines().toList());
    }

    @Test
    void readsEveryForm() throws FormatException {
        AliasTable table = parse("""
                # comment

                Team: ann@example.org, LOCAL:bob,   # who else
                  MQTT:plant/7,
                  # a comment between
                \t"a,b # c"@example.org
                info@Example.org: ann#1@example.org
                """);
        assertThat(table.targets())
                .containsOnly(
                        Map.entry(
                                "team",
                                List.of(
                                        Address.smtp("ann@example.org"),
                                        new Address("LOCAL", "bob"),
                                        new Address("MQTT", "plant/7"),
                                        Address.smtp("\"a,b # c\"@example.org"))),
                        Map.entry("info@example.org", List.of(Address.smtp("ann#1@example.org"))));
    }

    @Test
    void readsNothing() throws FormatException {
        assertThat(parse("").targets()).isEmpty();
        assertThat(parse("\n# only this\n").targets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'ok: a@b\nno colon here'       | line 2: must be name: target, target, but is: no colon here",
                "'ok: a@b\n: a@b'               | line 2: must be name: target, target, but is: : a@b",
                "'two words: a@b'               | line 1: must be name: target, target, but is: two words: a@b",
                "'x:\n\ny: a@b'                 | line 1: has no target",
                "'x: a@b\n\nX: c@d'             | line 3: x is there already",
                "'x: bob'                       | line 1: target bob: address must be TYPE:value or local-part@domain: bob",
                "'x: a@b,\n  T_T:y'             | line 1: target T_T:y: address type must be 1 to 32 letters or digits: T_T",
                "'# c\n  a@b'                   | line 2: continues nothing; an alias begins in the first column",
            })
    void namesTheWrongLine(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(FormatException.class)
                .hasMessage(message.strip());
    }
}
