package io.spooler.imap;

import io.spooler.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;

/** Settings for tests. */
final class Accounts {

    private Accounts() {}

    static Map<String, String> settings(int port, String... pairs) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(port),
                "tls", "none",
                "user", "ann",
                "password", "secret-of-ann",
                "mailbox", "ann",
                "idle", "false"));
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    static Account of(int port, String... pairs) {
        try {
            return Account.read(settings(port, pairs));
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
