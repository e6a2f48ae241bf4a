package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses may stand between angle brackets. */
class MailboxTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@example.org",
                "ann+tag=x/y@example.org",
                "|sh@example.org",
                "../../etc/passwd@example.org",
                "a%b!c@example.org",
                "\"ann lee\"@example.org",
                "\"<a>\"@example.org",
                "\"\"@example.org",
                "\"a\\\"b\\\\\"@example.org",
                "ann@[127.0.0.1]",
                "ann@[IPv6:::1]",
                "Postmaster",
                "jürgen@exämple.org",
                "..@example.org",
            })
    void safe(String value) {
        assertThat(Mailbox.isSafe(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann",
                "@example.org",
                "ann@",
                "ann@b@example.org",
                "ann lee@example.org",
                "ann@example.org> NOTIFY=NEVER",
                "<ann@example.org>",
                "ann@exam ple.org",
                "ann@example.org\r\nRSET",
                "ann\u0000@example.org",
                "\"ann@example.org",
                "\"ann\\\"@example.org",
                "\"a\"b@example.org",
                "a\"b\"@example.org",
                "@relay.example:ann@example.org",
                "ann@[127.0.0.1",
                "ann@[]",
                "ann@example.org:25",
                "ann\u00a0lee@example.org\u2028",
            })
    void unsafe(String value) {
        assertThat(Mailbox.isSafe(value)).isFalse();
    }
}
