package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings are closed by default, and a wrong one says what is allowed. */
class AccountTest {

    @Test
    void by_default_tls_is_implicit_and_the_server_is_verified() throws Exception {
        Map<String, String> settings =
                Map.of("host", "mail.example.org", "user", "ann", "password", "secret", "mailbox", "ann");
        Account account = Account.read(settings);
        assertThat(account.implicit()).isTrue();
        assertThat(account.tls()).isEqualTo(Account.Tls.VERIFY);
        assertThat(account.trust().verifies()).isTrue();
        assertThat(account.port()).isEqualTo(993);
        assertThat(account.after()).isEqualTo(Account.After.LEAVE);
        assertThat(account.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "host, mail.example.org, tls=none",
        "password, '', password=",
        "tls_implicit, true, tls=none",
        "tls_ca, /does/not/exist, tls",
        "folder, Entw\u00fcrfe, modified UTF-7",
        "mailbox, '', mailbox=",
        "after, burn, 'leave, seen, delete'",
        "speed, 1, speed is unknown"
    })
    void a_wrong_setting_is_refused(String key, String value, String said) {
        String tls = key.equals("tls_ca") ? "verify" : "none";
        assertThatThrownBy(() -> Account.read(Accounts.settings(143, "tls", tls, key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(said)
                .hasMessageNotContaining("secret-of-ann");
    }

    @Test
    void pop3_has_no_marks() {
        assertThatThrownBy(() -> Account.read(Accounts.settings(110, "protocol", "pop3", "after", "seen")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("no marks");
    }
}
