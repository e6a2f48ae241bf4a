package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.Secret;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM-SHA-256 and XOAUTH2; PLAIN and LOGIN are in {@link TlsTest}. */
class LoginTest {

    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static Scram scram() {
        return new Scram(new Credentials("user", new Secret("pencil"), null, false), "rOprNGfwEbeRWgbNEkqO");
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    private String obstacle() {
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.scope()).isEqualTo(Outcome.Scope.LANE);
        assertThat(rig.peer.commands()).noneMatch(c -> c.startsWith("MAIL"));
        return outcome.reply().text();
    }

    /** The exchange of RFC 7677 section 3. */
    @Test
    void scramIsAsInItsRfc() {
        Scram login = scram();
        assertThat(login.first()).isEqualTo("AUTH SCRAM-SHA-256 " + encode("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        String nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        assertThat(decode(login.next(encode("r=" + nonce + ",s=" + SALT + ",i=4096"))))
                .isEqualTo("c=biws,r=" + nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(login.isProven()).isFalse();
        assertThat(login.next(encode("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")))
                .isEmpty();
        assertThat(login.isProven()).isTrue();
    }

    @Test
    void scramBelievesNoServerThatDoesNotKnowThePassword() {
        Scram login = scram();
        login.next(encode("r=rOprNGfwEbeRWgbNEkqOmore,s=" + SALT + ",i=4096"));
        assertThatThrownBy(() -> login.next(encode("v=" + encode("something"))))
                .hasMessageContaining("does not know the password");
        assertThat(login.isProven()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=rOprNGfwEbeRWgbNEkqO,s=c2FsdA==,i=4096",
                "r=otherNonce,s=c2FsdA==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=100",
                "r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=2000000000",
                "r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096",
                "m=x,r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=4096",
                "nonsense",
                ""
            })
    void scramEndsWhereTheServerBreaksTheRules(String challenge) {
        assertThatThrownBy(() -> scram().next(encode(challenge))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scramComesFirstAndSendsNoPassword() {
        rig.peer.extensions("AUTH PLAIN LOGIN SCRAM-SHA-256");
        rig.peer.on("AUTH", line -> {
            String said = decode(line.replaceFirst(".* ", ""));
            return Action.reply("334 " + encode("r=" + said.replaceFirst(".*r=", "") + "x,s=" + SALT + ",i=4096"));
        });
        rig.peer.on("*", "235 2.7.0 welcome");
        rig.apply("user=ann", "password=pencil");
        // The server says yes without having shown that it knows the password.
        assertThat(obstacle()).contains("did not show");
        assertThat(rig.peer.commands()).anyMatch(c -> c.startsWith("AUTH SCRAM-SHA-256 "));
        assertThat(rig.peer.commands()).noneMatch(c -> c.contains("pencil") || c.contains(encode("pencil")));
    }

    @Test
    void aTokenIsAskedForAndSent() {
        rig.peer.extensions("AUTH PLAIN XOAUTH2");
        rig.tokens.put("cloud", user -> CompletableFuture.completedFuture("token-of-" + user));
        rig.apply("user=ann", "token_supplier=cloud");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        String command = rig.peer.commands().get(1);
        assertThat(command).startsWith("AUTH XOAUTH2 ");
        assertThat(decode(command.substring(13))).isEqualTo("user=ann\1auth=Bearer token-of-ann\1\1");
    }

    @Test
    void aRefusedTokenIsAnObstacleAndNotShown() {
        rig.peer.extensions("AUTH XOAUTH2").on("AUTH", "334 " + encode("{\"status\":\"400\"}"));
        rig.peer.on("*", "535 5.7.8 no");
        rig.tokens.put("cloud", user -> CompletableFuture.completedFuture("very-secret"));
        rig.apply("user=ann", "token_supplier=cloud");
        assertThat(obstacle()).contains("535 5.7.8 no").doesNotContain("very-secret");
    }

    @Test
    void noTokenIsAnObstacle() {
        rig.peer.extensions("AUTH XOAUTH2");
        rig.apply("user=ann", "token_supplier=cloud");
        assertThat(obstacle()).contains("token supplier cloud is not present");
        rig.tokens.put("cloud", user -> CompletableFuture.failedFuture(new IllegalStateException("expired")));
        assertThat(obstacle()).contains("expired");
    }
}
