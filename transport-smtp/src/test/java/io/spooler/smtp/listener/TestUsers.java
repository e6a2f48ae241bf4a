package io.spooler.smtp.listener;

import io.spooler.access.Users;
import io.spooler.smtp.users.ScramHash;
import java.io.IOException;
import java.util.Optional;

/** One user, {@code user} with the password {@code pencil} (RFC 7677 section 3); who may be out of reach. */
final class TestUsers implements Users {

    private static final Scram KEYS = new Scram(
            4096,
            "W22ZaJ0SNY7soEsUEjb6gQ==",
            "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=",
            "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");

    volatile boolean outOfReach;

    @Override
    public boolean verify(String name, String password) throws IOException {
        return scram(name).filter(keys -> ScramHash.matches(keys, password)).isPresent();
    }

    @Override
    public Optional<Scram> scram(String name) throws IOException {
        if (outOfReach) {
            throw new IOException("as the test wants it");
        }
        return name.equals("user") ? Optional.of(KEYS) : Optional.empty();
    }
}
