package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings as they come from a file: texts. */
class ClientSettingsTest {

    private static Map<String, Object> properties(String... settings) {
        Map<String, Object> properties = new HashMap<>(Map.of("host", "mail.example.org"));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            properties.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return properties;
    }

    @Test
    void hostIsEnough() throws SettingsException {
        ClientSettings settings = ClientSettings.read(properties());
        assertThat(settings.server()).isEqualTo("mail.example.org:25");
        assertThat(settings.patterns()).containsExactly("*");
        assertThat(settings.tls().policy()).isEqualTo(TlsPolicy.MAY);
        assertThat(settings.concurrency()).isEqualTo(20);
        assertThat(settings.replyTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.login()).isNull();
        assertThat(settings.helo()).isNotEmpty();
    }

    @Test
    void everythingCanBeSet() throws SettingsException {
        ClientSettings settings = ClientSettings.read(properties(
                "port=2525",
                "patterns=*@example.org, *@example.net",
                "ranking=7",
                "concurrency=3",
                "tls=VERIFY",
                "user=ann",
                "password=secret",
                "helo=me.test",
                "connect_timeout=1s",
                "reply_timeout=2s",
                "idle_timeout=3s",
                "max_messages_per_connection=4",
                "service.pid=x",
                "felix.fileinstall.filename=file:/etc/x.cfg"));
        assertThat(settings.patterns()).isEqualTo(List.of("*@example.org", "*@example.net"));
        assertThat(settings.tls().policy()).isEqualTo(TlsPolicy.VERIFY);
        assertThat(settings.ranking()).isEqualTo(7);
        assertThat(settings.maxMessages()).isEqualTo(4);
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=                | a server",
                "host=a/b             | host=a/b",
                "host=a:x             | host=a:x",
                "host=a*0             | host=a*0",
                "direct=true          | none where direct is set",
                "dns=localhost        | dns=localhost",
                "port=70000           | from 1 to 65535",
                "port=smtp            | port=smtp",
                "patterns=example.org | patterns=example.org",
                "tls=yes              | one of none, may, encrypt, verify",
                "concurrency=0        | from 1 to 1000",
                "tls_ca=/nowhere.pem  | tls_ca=/nowhere.pem",
                "user=ann             | password",
                "tls_key=/nowhere.pem | tls_key=/nowhere.pem",
                "tls_implicit=true    | tls=may",
                "token_supplier=x     | user",
                "protocol=uucp        | one of smtp, lmtp",
                "reply_timeout=5      | reply_timeout=5",
                "helo=a b             | helo=a b",
                "hosts=x              | hosts is unknown",
            })
    void wrongOnesAreNamed(String setting, String text) {
        Map<String, Object> properties = properties(setting);
        properties.put("felix.fileinstall.filename", "file:/etc/io.spooler.smtp.client-x.cfg");
        assertThatThrownBy(() -> ClientSettings.read(properties))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("io.spooler.smtp.client-x.cfg: ")
                .hasMessageContaining(text);
    }

    @Test
    void theUsualPortDependsOnTheProtocol() throws SettingsException {
        assertThat(ClientSettings.read(properties("protocol=lmtp")).port()).isEqualTo(24);
        assertThat(ClientSettings.read(properties("tls=verify", "tls_implicit=true"))
                        .port())
                .isEqualTo(465);
    }

    @Test
    void aPasswordIsNotSentInClearTextThroughTheNetworkNorShown() throws SettingsException {
        assertThatThrownBy(() -> ClientSettings.read(properties("tls=none", "user=ann", "password=secret")))
                .hasMessageContaining("tls=none")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> ClientSettings.read(properties("password=secret")))
                .hasMessageContaining("user")
                .hasMessageNotContaining("secret");
        assertThat(ClientSettings.read(properties("tls=none", "user=ann", "password=secret", "auth_clear_text=true"))
                        .login())
                .hasToString("ann");
        assertThat(ClientSettings.read(properties("host=127.0.0.1", "tls=none", "user=ann", "password=secret"))
                        .login())
                .hasToString("ann");
    }
}
