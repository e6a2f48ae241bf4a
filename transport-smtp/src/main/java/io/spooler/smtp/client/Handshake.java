package io.spooler.smtp.client;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.spooler.Reply;

/**
 * From the greeting to a session that takes mail: EHLO or HELO, STARTTLS and AUTH as the settings want them. Whatever
 * the server refuses here is an obstacle for all messages, not a fault of one.
 */
final class Handshake implements Phase {

    private enum Step {
        GREETING,
        EHLO,
        HELO,
        STARTTLS,
        TLS,
        AUTH
    }

    private final Connection connection;
    private final ClientSettings settings;
    private final boolean withoutTls;
    private Step step = Step.GREETING;
    private Extensions extensions = Extensions.NONE;
    private boolean encrypted;
    private Login login = Login.NONE;

    Handshake(Connection connection, ClientSettings settings, boolean withoutTls) {
        this.connection = connection;
        this.settings = settings;
        this.withoutTls = withoutTls;
    }

    @Override
    public void reply(ServerReply reply) {
        if (reply.isClosing()) {
            connection.end(reply.asObstacle("server not available"));
            return;
        }
        switch (step) {
            case GREETING -> greeted(reply);
            case EHLO -> extended(reply);
            case HELO -> plain(reply);
            case STARTTLS -> startTls(reply);
            case TLS -> connection.end(new Reply("4.7.0", "server spoke before TLS was established"));
            case AUTH -> authenticated(reply);
        }
    }

    private void greeted(ServerReply reply) {
        if (reply.isPositive()) {
            hello();
        } else {
            connection.end(reply.asObstacle("greeted with"));
        }
    }

    private void hello() {
        next(Step.EHLO, (settings.lmtp() ? "LHLO " : "EHLO ") + settings.helo());
    }

    private void extended(ServerReply reply) {
        if (reply.isPositive()) {
            extensions = Extensions.parse(reply.lines());
            secure();
        } else if (reply.isTemporary() || encrypted || settings.lmtp()) {
            connection.end(reply.asObstacle("EHLO refused"));
        } else {
            next(Step.HELO, "HELO " + settings.helo());
        }
    }

    private void plain(ServerReply reply) {
        if (reply.isPositive()) {
            secure();
        } else {
            connection.end(reply.asObstacle("HELO refused"));
        }
    }

    private void secure() {
        boolean wanted = settings.tls() != TlsPolicy.NONE && !encrypted && !withoutTls;
        if (wanted && extensions.startTls()) {
            next(Step.STARTTLS, "STARTTLS");
        } else if (wanted && settings.tls().isRequired()) {
            connection.end(new Reply("4.7.4", "server does not offer STARTTLS, which the settings require"));
        } else {
            logIn();
        }
    }

    private void startTls(ServerReply reply) {
        if (reply.isPositive()) {
            // What came with this reply in one packet was not protected; it must not be read as if it were.
            if (connection.link().hasUnreadInput()) {
                connection.end(new Reply("4.7.0", "server spoke before TLS was established"));
                return;
            }
            step = Step.TLS;
            connection.link().encrypt(this::encrypted);
        } else if (settings.tls().isRequired()) {
            connection.end(reply.asObstacle("STARTTLS refused"));
        } else {
            logIn();
        }
    }

    private void encrypted(Future<Channel> result) {
        if (result.isSuccess()) {
            encrypted = true;
            extensions = Extensions.NONE;
            hello();
        } else if (settings.tls().isRequired()) {
            connection.end(tlsFailed(result.cause()));
        } else {
            connection.dialWithoutTls();
        }
    }

    private static Reply tlsFailed(Throwable cause) {
        return new Reply("4.7.5", "TLS failed: " + cause.getMessage());
    }

    private void logIn() {
        ClientSettings.Login who = settings.login();
        if (who == null) {
            connection.established(extensions);
        } else if (!encrypted && !connection.link().isLoopback()) {
            connection.end(new Reply("4.7.11", "no password is sent without TLS, and there is no TLS"));
        } else {
            login = Login.choose(who, extensions.auth());
            authenticate(login.first());
        }
    }

    private void authenticate(String line) {
        if (line.isEmpty()) {
            connection.end(new Reply("4.7.0", "server offers no way to log in that is known: PLAIN or LOGIN"));
        } else {
            next(Step.AUTH, line);
        }
    }

    private void authenticated(ServerReply reply) {
        if (reply.isPositive()) {
            connection.established(extensions);
        } else if (reply.code() == 334 && login.hasMore()) {
            next(Step.AUTH, login.next());
        } else {
            connection.end(reply.asObstacle("log-in as " + settings.login() + " refused"));
        }
    }

    private void next(Step following, String command) {
        step = following;
        connection.send(command);
    }

    @Override
    public void lost(Reply why) {
        connection.refused(why);
    }

    @Override
    public void drop() {
        connection.handBack();
    }
}
