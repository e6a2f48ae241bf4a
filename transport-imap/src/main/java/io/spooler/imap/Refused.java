package io.spooler.imap;

import io.spooler.Reply;
import java.io.IOException;

/** The server says no to a command; the connection is as it was. */
final class Refused extends IOException {

    private static final long serialVersionUID = 1L;

    private final String answer;
    private final boolean login;

    /**
     * A refusal.
     *
     * @param what was asked for, for people
     * @param answer what the server said; made harmless here
     * @param login true if it does not let us in: an administrator must act
     */
    Refused(String what, String answer, boolean login) {
        super(what + ": " + Reply.clean(answer));
        this.answer = Reply.clean(answer);
        this.login = login;
    }

    /** What the server said. */
    String answer() {
        return answer;
    }

    /** The same, but said to somebody who logs in; a server that repeats the password does not bring it into a log. */
    Refused atLogin(Account account) {
        String said = answer.replace(account.password().reveal(), "…");
        return new Refused("the server does not let " + account.user() + " in", said, true);
    }

    boolean isLogin() {
        return login;
    }
}
