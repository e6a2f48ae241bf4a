package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @Test
    void containsItsAddresses() {
        Network ten = Network.parse("10.1.0.0/9");
        assertThat(ten.contains(Network.address("10.127.255.255"))).isTrue();
        assertThat(ten.contains(Network.address("10.128.0.0"))).isFalse();
        assertThat(ten.contains(Network.address("::1"))).isFalse();
        assertThat(Network.parse("2001:db8::/32").contains(Network.address("2001:db8:1::1")))
                .isTrue();
        assertThat(Network.parse("0.0.0.0/0").contains(Network.address("192.0.2.1")))
                .isTrue();
        assertThat(Network.parse("192.0.2.1").contains(Network.address("192.0.2.2")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "256.1.1.1", "1.2.3", "10.0.0.0/33", "::/129", "1.2.3.4/x", ":", "abc"})
    void asksNobodyAboutNames(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
