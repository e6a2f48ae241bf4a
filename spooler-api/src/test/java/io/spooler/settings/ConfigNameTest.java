package io.spooler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of configurations. */
class ConfigNameTest {

    @ParameterizedTest
    @CsvSource({
        "file:/x/etc/io.spooler.smtp.listener-main.cfg, io.spooler.smtp.listener~z, main",
        "file:/x/etc/io.spooler.smtp.listener-main.config, , main",
        "file:/x/etc/io.spooler.smtp.listener-a-b.cfg, , a-b",
        ", io.spooler.smtp.listener~office, office",
        ", io.spooler.smtp.listener.1234, 1234",
        ", io.spooler.smtp.listener.8a-1, 8a-1",
        ", , default"
    })
    void anInstanceHasAName(String file, String pid, String name) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("felix.fileinstall.filename", file);
        properties.put("service.pid", pid);
        properties.values().removeIf(Objects::isNull);
        assertThat(ConfigName.instance("io.spooler.smtp.listener", properties)).isEqualTo(name);
    }
}
