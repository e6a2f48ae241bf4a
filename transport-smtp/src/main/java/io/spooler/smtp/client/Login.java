package io.spooler.smtp.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** The lines of one log-in: AUTH PLAIN (RFC 4616) or, where only that is offered, AUTH LOGIN. Not for logs. */
final class Login {

    static final Login NONE = new Login(List.of());

    private final Deque<String> lines;

    private Login(List<String> lines) {
        this.lines = new ArrayDeque<>(lines);
    }

    static Login choose(ClientSettings.Login who, Set<String> offered) {
        if (offered.contains("PLAIN")) {
            return new Login(List.of("AUTH PLAIN " + encode("\0" + who.user() + "\0" + who.password())));
        }
        if (offered.contains("LOGIN")) {
            return new Login(List.of("AUTH LOGIN", encode(who.user()), encode(who.password())));
        }
        return new Login(List.of());
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The command, or an empty text if the server offers nothing that is known. */
    String first() {
        return lines.isEmpty() ? "" : lines.removeFirst();
    }

    boolean hasMore() {
        return !lines.isEmpty();
    }

    String next() {
        return lines.removeFirst();
    }
}
