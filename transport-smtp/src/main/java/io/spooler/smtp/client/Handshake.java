package io.spooler.smtp.client;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.spooler.Reply;
import io.spooler.transport.TokenSupplier;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
        TOKEN,
        AUTH
    }

    private final Connection connection;
    private final ClientSettings settings;
    private final boolean withoutTls;
    private Step step = Step.GREETING;
    private Extensions extensions = Extensions.NONE;
    private boolean encrypted;
    private boolean gone;
    private @Nullable Login login;

    Handshake(Connection connection, ClientSettings settings, boolean withoutTls) {
        this.connection = connection;
        this.settings = settings;
        this.withoutTls = withoutTls;
    }

    /** The connection is open. */
    void start() {
        if (settings.tls().implicit()) {
            step = Step.TLS;
            connection.link().encrypt(this::encrypted);
        }
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
            case TOKEN -> connection.end(reply.asObstacle("unexpected reply"));
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
        TlsPolicy policy = connection.link().policy();
        boolean wanted = policy != TlsPolicy.NONE && !encrypted && !withoutTls;
        if (wanted && extensions.startTls()) {
            next(Step.STARTTLS, "STARTTLS");
        } else if (wanted && policy.isRequired()) {
            connection.end(new Reply(
                    "4.7.4",
                    connection.server() + " does not offer STARTTLS, which is required"
                            + connection.link().because()));
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
        } else if (connection.link().policy().isRequired()) {
            connection.end(reply.asObstacle("STARTTLS refused by " + connection.server()));
        } else {
            logIn();
        }
    }

    private void encrypted(Future<Channel> result) {
        if (gone) {
            return;
        }
        connection.link().tell(result.isSuccess() ? "TLS established" : "TLS failed");
        Optional<String> fault = result.isSuccess() ? connection.link().fault() : Optional.empty();
        if (fault.isPresent()) {
            connection.end(new Reply("4.7.5", connection.server() + ": " + fault.get()));
        } else if (result.isSuccess() && settings.tls().implicit()) {
            encrypted = true;
            step = Step.GREETING;
        } else if (result.isSuccess()) {
            encrypted = true;
            extensions = Extensions.NONE;
            hello();
        } else if (connection.link().policy().isRequired()) {
            connection.end(tlsFailed(result.cause()));
        } else {
            connection.dialWithoutTls();
        }
    }

    private Reply tlsFailed(Throwable cause) {
        return new Reply("4.7.5", "TLS failed with " + connection.server() + ": " + cause.getMessage());
    }

    private void logIn() {
        Credentials who = settings.login();
        if (who == null) {
            connection.established(extensions);
        } else if (!encrypted && !connection.link().isLoopback() && !who.clearText()) {
            connection.end(new Reply("4.7.11", "no password is sent without TLS, and there is no TLS"));
        } else if (who.supplier() != null) {
            step = Step.TOKEN;
            token(who, who.supplier());
        } else {
            authenticate(Login.choose(who, null, extensions.auth()), Login.KNOWN);
        }
    }

    private void token(Credentials who, String name) {
        TokenSupplier supplier = connection.site().tokens().apply(name);
        if (supplier == null) {
            connection.end(new Reply("4.7.0", "token supplier " + name + " is not present"));
            return;
        }
        supplier.token(who.user()).whenCompleteAsync((token, error) -> tokenCame(who, token, error), connection.loop());
    }

    private void tokenCame(Credentials who, @Nullable String token, @Nullable Throwable error) {
        if (gone) {
            return;
        }
        if (token == null) {
            String why = error == null ? "nothing" : String.valueOf(error.getMessage());
            connection.end(new Reply("4.7.0", "no token for " + who + ": " + why));
        } else {
            authenticate(Login.choose(who, token, extensions.auth()), "XOAUTH2");
        }
    }

    private void authenticate(@Nullable Login chosen, String known) {
        login = chosen;
        if (chosen == null) {
            connection.end(new Reply("4.7.0", "server offers no way to log in that is known: " + known));
        } else {
            say(chosen.first());
        }
    }

    private void authenticated(ServerReply reply) {
        Login chosen = Objects.requireNonNull(login);
        if (reply.code() == 334) {
            // Off the loop: a proof may take long to make.
            CompletableFuture.supplyAsync(
                            () -> chosen.next(reply.lines().get(0)),
                            connection.site().resolver().worker())
                    .whenCompleteAsync(this::answer, connection.loop());
        } else if (!reply.isPositive()) {
            connection.end(reply.asObstacle("log-in as " + settings.login() + " refused"));
        } else if (!chosen.isProven()) {
            connection.end(new Reply("4.7.0", "the server did not show that it knows the password"));
        } else {
            connection.established(extensions);
        }
    }

    private void answer(@Nullable String line, @Nullable Throwable error) {
        if (gone) {
            return;
        }
        if (line == null) {
            Throwable cause = error == null || error.getCause() == null ? error : error.getCause();
            String why = cause == null ? "no answer" : String.valueOf(cause.getMessage());
            connection.end(new Reply("4.7.0", "log-in as " + settings.login() + ": " + why));
        } else {
            say(line);
        }
    }

    /** One line of a log-in; of the first, the mechanism is no secret. */
    private void say(String line) {
        boolean first = step != Step.AUTH;
        step = Step.AUTH;
        connection.send(line, first ? line.replaceFirst("^(AUTH [^ ]+).*", "$1") + " (hidden)" : "(hidden)");
    }

    private void next(Step following, String command) {
        step = following;
        connection.send(command);
    }

    @Override
    public void lost(Reply why) {
        gone = true;
        connection.refused(why);
    }

    @Override
    public void drop() {
        gone = true;
        connection.handBack();
    }

    @Override
    public boolean isBeforeSession() {
        return true;
    }

    @Override
    public void left() {
        gone = true;
    }
}
