package io.spooler.imap;

import io.spooler.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** From the greeting of an IMAP server to the end of the log-in. */
final class ImapLogin {

    private ImapLogin() {}

    static void run(ImapDialog dialog, Wire wire, Account account) throws IOException {
        String greeting = dialog.greeting();
        boolean ready = greeting.regionMatches(true, 0, "PREAUTH", 0, 7);
        if (!ready && !greeting.regionMatches(true, 0, "OK", 0, 2)) {
            throw new IOException("the server does not want us: " + Reply.clean(greeting));
        }
        dialog.learn();
        if (account.tls() != Account.Tls.NONE && !wire.isSecure()) {
            secure(dialog, wire, account, ready);
        }
        if (!ready) {
            login(dialog, wire, account);
            dialog.learn();
        }
    }

    /** A server that is logged in before TLS begins cannot begin it any more: somebody in between would want that. */
    private static void secure(ImapDialog dialog, Wire wire, Account account, boolean ready) throws IOException {
        if (ready || !dialog.can("STARTTLS") || account.trust() == null) {
            throw new IOException("the server has no TLS (STARTTLS); nothing is sent in clear text");
        }
        dialog.command("STARTTLS", "TLS refused", line -> {});
        wire.secure(account.trust(), account.host());
        dialog.learn();
    }

    private static void login(ImapDialog dialog, Wire wire, Account account) throws IOException {
        if (!wire.isSecure() && !wire.isLoopback() && !account.clearText()) {
            throw new IOException("no password in clear text");
        }
        if (dialog.can("AUTH=PLAIN")) {
            plain(dialog, wire, account);
        } else if (dialog.can("LOGINDISABLED")) {
            throw new IOException("the server takes no password that we could give");
        } else {
            command(
                    dialog,
                    "LOGIN " + ImapDialog.quoted(account.user()) + " "
                            + ImapDialog.quoted(account.password().reveal()),
                    account);
        }
    }

    /** RFC 4616; the response goes with the command where that is allowed (RFC 4959). */
    private static void plain(ImapDialog dialog, Wire wire, Account account) throws IOException {
        String text = "\0" + account.user() + "\0" + account.password().reveal();
        String response = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        if (dialog.can("SASL-IR")) {
            command(dialog, "AUTHENTICATE PLAIN " + response, account);
            return;
        }
        wire.limit(ImapDialog.COMMAND);
        String tag = dialog.send("AUTHENTICATE PLAIN");
        String line = wire.line();
        if (!line.startsWith("+")) {
            throw new Refused("", line, true).atLogin(account);
        }
        wire.send(response);
        try {
            dialog.answer(tag, "", untagged -> {}, null);
        } catch (Refused e) {
            throw e.atLogin(account);
        }
    }

    private static void command(ImapDialog dialog, String command, Account account) throws IOException {
        try {
            dialog.command(command, "", line -> {});
        } catch (Refused e) {
            throw e.atLogin(account);
        }
    }
}
