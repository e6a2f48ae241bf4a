package io.spooler.smtp.client;

import io.spooler.settings.Secret;
import io.spooler.settings.Settings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who logs in, and with what. Its text is the user alone. Any thread. */
final class Credentials {

    private final String user;
    private final Secret password;
    private final @Nullable String supplier;
    private final boolean clearText;
    /** The last one made: it takes long, and a server has one salt for a user. */
    private volatile @Nullable Salted salted;

    @SuppressWarnings("ArrayRecordComponent") // They are never compared as records.
    private record Salted(byte[] salt, int rounds, byte[] result) {}

    Credentials(String user, Secret password, @Nullable String supplier, boolean clearText) {
        this.user = user;
        this.password = password;
        this.supplier = supplier;
        this.clearText = clearText;
    }

    static @Nullable Credentials read(Settings s, boolean withoutTls) {
        String user = s.text("user", "");
        Secret password = new Secret(s.text("password", ""));
        String supplier = s.text("token_supplier", "");
        boolean clearText = s.flag("auth_clear_text", false);
        boolean one = password.isEmpty() != supplier.isEmpty();
        if (user.isEmpty() && (!password.isEmpty() || !supplier.isEmpty())) {
            s.refuse("user", "", "a name where password or token_supplier is set");
        } else if (!user.isEmpty() && !one) {
            s.refuse("password", "", "either password or token_supplier where user is set");
        } else if (!user.isEmpty() && withoutTls && !clearText) {
            s.refuse("tls", "none", "may, encrypt or verify where user is set: no password in clear text");
        }
        return user.isEmpty() ? null : new Credentials(user, password, supplier.isEmpty() ? null : supplier, clearText);
    }

    String user() {
        return user;
    }

    Secret password() {
        return password;
    }

    /** The name of the service that has tokens, or null where there is a password. */
    @Nullable
    String supplier() {
        return supplier;
    }

    /** Whether log-in without TLS is allowed, by name. */
    boolean clearText() {
        return clearText;
    }

    /** What SCRAM makes of the password (RFC 5802 section 3). Takes a while if it is not known yet. */
    byte[] salted(byte[] salt, int rounds) {
        Salted last = salted;
        if (last == null || last.rounds != rounds || !Arrays.equals(last.salt, salt)) {
            last = new Salted(salt.clone(), rounds, Scram.salted(password, salt, rounds));
            salted = last;
        }
        return last.result.clone();
    }

    @Override
    public String toString() {
        return user;
    }
}
