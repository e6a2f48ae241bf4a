package io.spooler.dkim;

import io.spooler.settings.Network;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The settings of the signer, checked, with the keys that they name.
 *
 * @param signing signs
 * @param networks whose clients are ours
 */
record SignerSettings(Signing signing, List<Network> networks) {

    static final String PID = "io.spooler.dkim.signer";

    private static final String KEYS = "DOMAIN:SELECTOR:FILE, several separated by commas";
    private static final List<Network> OURS = List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"));

    /**
     * Reads. Blocks for the files of the keys.
     *
     * @param properties of the component
     * @return the settings
     * @throws SettingsException if one is wrong, or a key cannot be used
     */
    static SignerSettings read(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        List<String> entries = s.list("keys", KEYS, text -> text);
        if (entries.isEmpty()) {
            s.refuse("keys", "", KEYS);
        }
        List<SigningKey> keys = new ArrayList<>();
        for (String entry : entries) {
            try {
                keys.add(key(entry));
            } catch (IOException e) {
                s.refuse("keys", entry, KEYS + ": " + e.getMessage());
            }
        }
        List<String> fields = s.list(
                "headers",
                "names of fields, not such as change on the way: " + String.join(", ", new TreeSet<>(Signing.NEVER)),
                SignerSettings::field);
        SignerSettings read = new SignerSettings(
                new Signing(keys, withFrom(fields.isEmpty() ? Signing.FIELDS : fields)), networks(s));
        s.check();
        return read;
    }

    /** Networks of clients, for signer and verifier. */
    static List<Network> networks(Settings s) {
        List<Network> networks = s.list("networks", "networks, ADDRESS or ADDRESS/BITS", Network::parse);
        return networks.isEmpty() ? OURS : networks;
    }

    private static SigningKey key(String entry) throws IOException {
        String[] parts = entry.split(":", 3);
        if (parts.length < 3 || !Mark.isHost(parts[0]) || !Mark.isHost(parts[1])) {
            throw new IOException("domain and selector are names in ASCII");
        }
        try {
            return KeyFile.read(parts[0].toLowerCase(Locale.ROOT), parts[1], Path.of(parts[2]));
        } catch (InvalidPathException e) {
            throw new IOException("no path of a file", e);
        }
    }

    private static String field(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (Signing.NEVER.contains(lower) || !lower.matches("[!-9;-~]+")) {
            throw new IllegalArgumentException(name);
        }
        return lower;
    }

    private static List<String> withFrom(List<String> fields) {
        List<String> all = new ArrayList<>(fields);
        if (!all.contains("from")) {
            all.add(0, "from");
        }
        return all.stream().distinct().toList();
    }
}
