package io.spooler.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.access.RecipientCheck.Verdict;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which addresses have a mailbox. */
@Timeout(60)
class MailboxCheckTest {

    private volatile @Nullable Mailboxes store;
    private final MailboxCheck check = new MailboxCheck(() -> store);

    @BeforeEach
    void apply() throws Exception {
        check.apply(LoopbackSettings.read(Map.of("domains", "a.org", "mailboxes", "Ann, bob+x")));
    }

    @AfterEach
    void close() {
        check.close();
    }

    private interface Existing {
        boolean exists(String mailbox) throws SpoolException;
    }

    private static Mailboxes store(Existing existing) {
        return (Mailboxes) Proxy.newProxyInstance(
                Mailboxes.class.getClassLoader(), new Class<?>[] {Mailboxes.class}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("exists");
                    return existing.exists((String) arguments[0]);
                });
    }

    private Verdict of(String address) throws Exception {
        return check.check(Address.smtp(address)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatTheSettingsNameExistsWithoutAStore() throws Exception {
        assertThat(of("ann@A.org")).isEqualTo(Verdict.KNOWN);
        assertThat(of("\"ANN\"@a.org")).isEqualTo(Verdict.KNOWN);
        assertThat(of("bob+x@a.org")).isEqualTo(Verdict.KNOWN);
        assertThat(of("bob@a.org")).as("nobody can look").isEqualTo(Verdict.LATER);
    }

    @Test
    void whatHoldsMailExistsAndNothingElse() throws Exception {
        store = store("carol"::equals);
        assertThat(of("Carol@a.org")).isEqualTo(Verdict.KNOWN);
        assertThat(of("dave@a.org")).isEqualTo(Verdict.UNKNOWN);
        assertThat(of("x".repeat(300) + "@a.org"))
                .as("no mailbox can be called so")
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(of("carol@b.org")).isEqualTo(Verdict.NOT_MINE);
    }

    @Test
    void aStoreThatIsAwayIsATemporaryMatter() throws Exception {
        store = store(mailbox -> {
            throw new SpoolException(SpoolException.Reason.STORE_STOPPED, "as the test wants it");
        });
        assertThat(of("carol@a.org")).isEqualTo(Verdict.LATER);
    }

    @Test
    void aStarIsEveryName() throws Exception {
        check.apply(LoopbackSettings.read(Map.of("mailboxes", "*")));
        assertThat(of("whoever@spooler.local")).isEqualTo(Verdict.KNOWN);
        assertThat(of("whoever@a.org")).isEqualTo(Verdict.NOT_MINE);
    }

    @Test
    void theComponentKeepsItsSettingsAndKnowsNothingWithoutAny() {
        Address ann = Address.smtp("ann@spooler.local");
        MailboxCheckComponent component = new MailboxCheckComponent(Map.of("mailboxes", "a*"));
        assertThat(component.check(ann)).isCompletedWithValue(Verdict.LATER);
        component.modified(Map.of("mailboxes", "ann"));
        assertThat(component.check(ann)).isCompletedWithValue(Verdict.KNOWN);
        component.modified(Map.of("mailboxes", "ann@b.org"));
        assertThat(component.check(ann)).as("former settings stay").isCompletedWithValue(Verdict.KNOWN);
        component.deactivate();
        assertThat(component.check(Address.smtp("bob@spooler.local"))).isCompletedWithValue(Verdict.LATER);
    }
}
