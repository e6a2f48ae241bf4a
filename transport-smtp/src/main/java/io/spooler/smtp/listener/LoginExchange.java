package io.spooler.smtp.listener;

import org.jspecify.annotations.Nullable;

/** LOGIN: name, then password. No standard, but what some clients know only. */
final class LoginExchange implements Exchange {

    private static final Answer NAME = Answer.ask("Username:");
    private static final Answer PASSWORD = Answer.ask("Password:");

    private final Logins logins;
    private @Nullable String user;

    LoginExchange(Logins logins) {
        this.logins = logins;
    }

    @Override
    public Answer begin() {
        return NAME;
    }

    @Override
    public Step respond(String text) {
        if (user == null) {
            user = text;
            return PASSWORD;
        }
        return logins.verify(user, text);
    }

    @Override
    public String user() {
        return user == null ? "" : user;
    }
}
