package io.spooler.smtp.listener;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether somebody has logged in during a session, and the way to it (RFC 4954). One thread. */
final class Login {

    private final Logins logins;
    private final InetAddress client;
    private @Nullable Exchange exchange;
    private @Nullable String user;

    /**
     * Nobody has.
     *
     * @param client who is barred if this fails too often
     */
    Login(Logins logins, InetAddress client) {
        this.logins = logins;
        this.client = client;
    }

    /** Whether what the client says next belongs to the log-in. */
    boolean isOpen() {
        return exchange != null;
    }

    /** Who has logged in, or null. */
    @Nullable
    String user() {
        return user;
    }

    /** AUTH, with its argument: a mechanism, and what the client says at once. */
    Step begin(String argument) throws Refused {
        if (logins.isBarred(client)) {
            return Answer.BARRED;
        }
        int space = argument.indexOf(' ');
        String mechanism = space < 0 ? argument : argument.substring(0, space);
        Exchange begun = Exchange.of(mechanism.toUpperCase(Locale.ROOT), logins);
        exchange = begun;
        if (space < 0) {
            return begun.begin();
        }
        String first = argument.substring(space + 1).strip();
        return first.equals("=") ? settle(begun.respond("")) : respond(first);
    }

    /** What the client says next. */
    Step respond(String line) {
        Exchange open = exchange;
        if (open == null || line.equals("*")) {
            exchange = null;
            return Answer.LOGIN_CANCELLED;
        }
        byte[] octets = Logins.decode(line);
        if (octets == null) {
            exchange = null;
            return Answer.NO_BASE64;
        }
        return settle(open.respond(new String(octets, Logins.TEXT)));
    }

    private Step settle(Step step) {
        return step instanceof Answer answer ? resume(answer) : step;
    }

    /** What the answer to a step means. */
    Answer resume(Answer answer) {
        Exchange open = exchange;
        if (open == null || answer.asks()) {
            return answer;
        }
        exchange = null;
        if (answer == Answer.LOGGED_IN) {
            user = open.user();
        }
        return answer == Answer.BAD_LOGIN && logins.failed(client) ? Answer.BARRED : answer;
    }
}
