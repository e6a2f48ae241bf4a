package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address grammar; what a client sees of it stands in {@link HostileTest}. */
class PathParserTest {

    private static final String LABEL = "a".repeat(63);

    private static Mailbox parse(String text) throws Refused {
        PathParser.Path path = PathParser.parse(text, "5.1.3", false);
        assertThat(path.end()).isEqualTo(text.length());
        return path.mailbox();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "<a@b>, a@b",
                "<First.Last+tag@Sub.Example.ORG>, First.Last+tag@Sub.Example.ORG",
                "<!#$%&'*+-/=?^_`{|}@b.example>, !#$%&'*+-/=?^_`{|}@b.example",
                "<\"plain\"@b.example>, plain@b.example",
                "<\"\\p\\l\\a\\i\\n\"@b.example>, plain@b.example",
                "<\"two words\"@b.example>, \"two words\"@b.example",
                "<\"a@b\"@c.example>, \"a@b\"@c.example",
                "<\"a\\\"b\\\\c\"@d.example>, \"a\\\"b\\\\c\"@d.example",
                "<\"\"@b.example>, \"\"@b.example",
                "<\"..\"@b.example>, \"..\"@b.example",
                "<\">\"@b.example>, \">\"@b.example",
                "<a@1.2.3.4>, a@1.2.3.4",
                "<a@b-c.example>, a@b-c.example",
                "<a@[192.0.2.1]>, a@[192.0.2.1]",
                "<a@[IPv6:2001:db8::1]>, a@[IPv6:2001:db8::1]",
                "<a@[ipv6:::ffff:192.0.2.1]>, a@[ipv6:::ffff:192.0.2.1]",
                "<jörg@bücher.example>, jörg@bücher.example",
                "<\"jö rg\"@b.example>, \"jö rg\"@b.example",
                "<用户@例え.example>, 用户@例え.example",
                "<😀@b.example>, 😀@b.example",
                "<postmaster>, postmaster",
            })
    void isTaken(String text, String mailbox) throws Refused {
        assertThat(parse(text)).hasToString(mailbox);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<",
                "<a",
                "<a@",
                "<a@b",
                "<a@b>>",
                "<a@b>x",
                "<@>",
                "<a>",
                "<a@b@c>",
                "<a b@c>",
                "< a@b>",
                "<a@b >",
                "<a@b.>",
                "<a@.b>",
                "<a@b..c>",
                "<.a@b>",
                "<a.@b>",
                "<a..b@c>",
                "<a@-b>",
                "<a@b->",
                "<a@b_c>",
                "<a@b,c>",
                "<a\"b@c>",
                "<\"a@b>",
                "<\"a\"b@c>",
                "<\"a\\\"@b>",
                "<a@[192.0.2]>",
                "<a@[192.0.2.256]>",
                "<a@[192.0.2.1>",
                "<a@[]>",
                "<a@[2001:db8::1]>",
                "<a@[IPv6:2001:db8::1%eth0]>",
                "<a@[x:y]>",
                "<a(comment)@b>",
                "<a;b@c>",
                "<a@b\u00a0c>",
                "<a\u202eb@c>",
                "<a\ufffd@b>",
                "<\"a\u0007\"@b>",
                "<a@b\u0000>",
            })
    void isRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Refused.class);
    }

    @Test
    void lengthsAreLimitedInOctets() throws Refused {
        assertThat(parse("<" + "é".repeat(32) + "@b>").localPart()).hasSize(32);
        assertThatThrownBy(() -> parse("<" + "é".repeat(33) + "@b>")).isInstanceOf(Refused.class);
        assertThat(parse("<a@" + LABEL + ".b>").domain()).hasSize(65);
        assertThatThrownBy(() -> parse("<a@" + LABEL + "a.b>")).isInstanceOf(Refused.class);
        String domain = (LABEL + ".").repeat(3) + LABEL;
        assertThat(parse("<a@" + domain + ">").domain()).hasSize(255);
        assertThatThrownBy(() -> parse("<a@" + domain + ".b>")).isInstanceOf(Refused.class);
    }

    @Test
    void parametersStayBehindThePath() throws Refused {
        String text = "<a@b> SIZE=3";
        PathParser.Path path = PathParser.parse(text, "5.1.7", false);
        assertThat(text.substring(path.end())).isEqualTo(" SIZE=3");
    }

    @Test
    void theNullPathHasNoMailbox() throws Refused {
        assertThat(parse("<>")).isNull();
    }

    @Test
    void aMailboxReadAgainIsTheSame() throws Refused {
        for (String local : new String[] {"\"a b\"", "\"\\\"\"", "\"\\\\\"", "a.b", "\"a.\"", "\"@\""}) {
            Mailbox once = parse("<" + local + "@c.example>");
            assertThat(parse("<" + once + ">")).isEqualTo(once);
        }
    }
}
