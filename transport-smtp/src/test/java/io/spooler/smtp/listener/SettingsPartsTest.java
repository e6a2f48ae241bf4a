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
import org.junit.jupiter.params.provider.ValueSource;

/** Networks, names and defaults. */
class SettingsPartsTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.200, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true"
    })
    void aNetworkContains(String network, String address, boolean contained) {
        assertThat(Cidr.parse(network).contains(NetUtil.createInetAddressFromIpAddressString(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "localhost", "10.0.0/8/8"})
    void thisIsNoNetwork(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "file:/x/etc/io.spooler.smtp.listener-main.cfg, io.spooler.smtp.listener~z, main",
        "file:/x/etc/io.spooler.smtp.listener-main.config, , main",
        "file:/x/etc/io.spooler.smtp.listener-a-b.cfg, , a-b",
        ", io.spooler.smtp.listener~office, office",
        ", io.spooler.smtp.listener.1234, 1234",
        ", , default"
    })
    void anInstanceHasAName(String file, String pid, String name) {
        Map<String, Object> properties = new java.util.HashMap<>();
        properties.put("felix.fileinstall.filename", file);
        properties.put("service.pid", pid);
        properties.values().removeIf(java.util.Objects::isNull);
        assertThat(ConfigName.instance(Listener.PID, properties)).isEqualTo(name);
    }

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
