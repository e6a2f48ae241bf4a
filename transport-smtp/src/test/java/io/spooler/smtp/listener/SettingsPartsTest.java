package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.spooler.settings.SettingsException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks, names and defaults. */
class SettingsPartsTest {

    @Test
    void aDeliveryListenerRelaysForNobody() {
        Map<String, String> both = Map.of("role", "delivery", "relay_networks", "10.0.0.0/8");
        assertThatThrownBy(() -> ListenerSettings.read(Listener.PID, both))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "relay_networks=10.0.0.0/8 is not allowed; allowed is none where role is delivery");
    }

    @Test
    void theDefaultsRelayNothing() throws SettingsException {
        ListenerSettings settings = ListenerSettings.read(Listener.PID, Map.of("service.pid", "x", "hostname", "mx"));
        assertThat(ListenerSettings.show(settings.address())).isEqualTo("127.0.0.1:2525");
        assertThat(settings.localDomains()).isEmpty();
        assertThat(settings.mayRelay(NetUtil.LOCALHOST4)).isFalse();
        assertThat(settings.limits())
                .isEqualTo(new Limits(50 << 20, 1000, 1000, 50, 20, 2048, 100 << 10, 50, Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "local_domains, a b@c",
        "local_domains, example..org",
        "relay_networks, 10.0.0.0/99",
        "hostname, mail server",
        "max_line, 100",
        "max_message_size, 10T",
        "command_timeout, 5",
        "lenient, perhaps",
        "role, none",
        "tls, verify",
        "address, 1.2.3.4.5"
    })
    void aWrongValueIsNamed(String key, String value) {
        assertThatThrownBy(() -> ListenerSettings.read(Listener.PID, Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key + "=")
                .hasMessageContaining("allowed is ");
    }
}
