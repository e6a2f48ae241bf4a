package io.spooler.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.SpoolException;
import io.spooler.testkit.TestConsignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackTest {

    private final FakeInlet inlet = new FakeInlet();
    private final Loopback loopback = new Loopback();

    @BeforeEach
    void open() {
        loopback.apply(new LoopbackSettings(List.of("spooler.local", "other.local"), Set.of()));
        loopback.openInbound(inlet);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    private List<Outcome> deliver(TestConsignment consignment) throws Exception {
        return loopback.deliver(consignment).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Recipient local(String name) {
        return Recipient.of(new Address(Address.LOCAL, name));
    }

    @Test
    void carriesEveryByteAndTheSender() throws Exception {
        byte[] content = new byte[300_001];
        new Random(7).nextBytes(content);
        List<Outcome> outcomes =
                deliver(TestConsignment.of(content).from("bob@example.org").to(local("Ann")));
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Delivered.class,
                        delivered -> assertThat(delivered.reply().text()).startsWith("filed in mailbox Ann as "));
        assertThat(inlet.filed()).hasSize(1);
        assertThat(inlet.filed().get(0).latin1()).isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
        assertThat(inlet.filed().get(0).arrival().sender()).isEqualTo(Address.smtp("bob@example.org"));
        assertThat(inlet.filed().get(0).arrival().transport()).isEqualTo("loopback");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Ann@spooler.local          | ann",
                "ann+list@other.local       | ann+list",
                "Ann@SPOOLER.Local          | ann",
                "\"Ann Lee\"@spooler.local  | ann lee",
                "\"a\\\"b\\\\c\"@spooler.local | a\"b\\c",
                "\"a@b\"@spooler.local      | a@b",
            })
    void findsTheMailboxOfAMailAddress(String address, String mailbox) throws Exception {
        assertThat(deliver(TestConsignment.of("x").to(address))).hasOnlyElementsOfType(Outcome.Delivered.class);
        assertThat(inlet.mailboxes()).containsExactly(mailbox);
    }

    @Test
    void filesOncePerMailbox() throws Exception {
        List<Outcome> outcomes = deliver(TestConsignment.of("x")
                .to(local("ann"))
                .to("Ann@spooler.local", "bob@spooler.local", "ANN@other.local")
                .to(local("ANN")));
        assertThat(outcomes).hasSize(5).hasOnlyElementsOfType(Outcome.Delivered.class);
        assertThat(inlet.mailboxes()).containsExactly("ann", "bob");
    }

    @Test
    void answersOnlyAfterTheCommit() throws Exception {
        CompletableFuture<Optional<Mailboxes.Entry>> commit = new CompletableFuture<>();
        CountDownLatch committing = new CountDownLatch(1);
        inlet.answer = () -> {
            committing.countDown();
            return commit;
        };
        CompletableFuture<List<Outcome>> answer =
                loopback.deliver(TestConsignment.of("x").to(local("ann"))).toCompletableFuture();
        assertThat(committing.await(10, TimeUnit.SECONDS))
                .as("commit was called")
                .isTrue();
        assertThat(answer).isNotDone();
        commit.complete(Optional.empty());
        assertThat(answer.get(10, TimeUnit.SECONDS)).hasOnlyElementsOfType(Outcome.Delivered.class);
    }

    @Test
    void failsNamesThatNoMailboxCanHave() throws Exception {
        List<Outcome> outcomes = deliver(TestConsignment.of("x")
                .to("a".repeat(256) + "@spooler.local", "\"\"@spooler.local", "ok@spooler.local"));
        for (Outcome outcome : outcomes.subList(0, 2)) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.reply().status()).isEqualTo("5.1.1"));
        }
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void handsBackWhatIsNotItsOwn() throws Exception {
        assertThat(deliver(
                        TestConsignment.of("x").to("ann@example.org").to(Recipient.of(new Address("MQTT", "plant/7")))))
                .hasSize(2)
                .hasOnlyElementsOfType(Outcome.NotMine.class);
        assertThat(inlet.filed()).isEmpty();
    }

    @Test
    void defersTheTransportWithoutInlet() throws Exception {
        loopback.closeInbound();
        assertThat(loopback.status().condition()).isEqualTo(Condition.OFFLINE);
        assertDeferred("4.3.2", Outcome.Scope.TRANSPORT);
    }

    @Test
    void mapsRefusals() throws Exception {
        inlet.refusal = new SpoolException(SpoolException.Reason.STORE_FULL, "no room");
        assertDeferred("4.3.1", Outcome.Scope.TRANSPORT);
        inlet.refusal = new SpoolException(SpoolException.Reason.NO_STORE, "no store");
        assertDeferred("4.3.0", Outcome.Scope.TRANSPORT);
        inlet.refusal = new SpoolException(SpoolException.Reason.TOO_LARGE, "too large");
        assertThat(deliver(TestConsignment.of("x").to(local("ann"))).get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.reply().status()).isEqualTo("5.3.4"));
    }

    @Test
    void aSecondAttemptNamesTheSameCopyAndTakesTheOneThatIsThereForItsOwn() throws Exception {
        TestConsignment consignment = TestConsignment.of("x").to("ann@spooler.local", "bob@spooler.local");
        deliver(consignment);
        deliver(consignment);
        assertThat(inlet.filed().stream().map(filed -> filed.arrival().id()))
                .containsExactly(
                        consignment.id().copyFor(Address.smtp("ann@spooler.local")),
                        consignment.id().copyFor(Address.smtp("bob@spooler.local")),
                        consignment.id().copyFor(Address.smtp("ann@spooler.local")),
                        consignment.id().copyFor(Address.smtp("bob@spooler.local")));
        inlet.refusal = new SpoolException(SpoolException.Reason.KNOWN, "as the test wants it");
        assertThat(deliver(consignment)).hasSize(2).hasOnlyElementsOfType(Outcome.Delivered.class);
    }

    @Test
    void defersWhenTheCommitFails() throws Exception {
        inlet.answer = () -> CompletableFuture.failedFuture(
                new SpoolException(SpoolException.Reason.STORE_STOPPED, "the journal has stopped"));
        assertDeferred("4.3.0", Outcome.Scope.TRANSPORT);
        inlet.answer = () -> CompletableFuture.failedFuture(new IllegalStateException("hook"));
        assertDeferred("4.3.0", Outcome.Scope.MESSAGE);
    }

    private void assertDeferred(String status, Outcome.Scope scope) throws Exception {
        assertThat(deliver(TestConsignment.of("x").to(local("ann"))).get(0))
                .isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> {
                    assertThat(deferred.reply().status()).isEqualTo(status);
                    assertThat(deferred.scope()).isEqualTo(scope);
                });
    }

    @Test
    void leavesNoPartialMessageBehind() throws Exception {
        Content broken = new Content() {
            @Override
            public long size() {
                return 100_000;
            }

            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                if (position > 0) {
                    throw new IOException("disk");
                }
                target.put(new byte[10]);
                return 10;
            }
        };
        assertThat(deliver(TestConsignment.of(broken).to(local("ann")))).hasOnlyElementsOfType(Outcome.Deferred.class);
        assertThat(inlet.filed()).isEmpty();
        assertThat(inlet.abandoned()).isEqualTo(1);
    }

    @Test
    void stopsCopyingWhenCancelled() throws Exception {
        TestConsignment[] consignment = new TestConsignment[1];
        Content cancelling = new Content() {
            @Override
            public long size() {
                return Long.MAX_VALUE;
            }

            @Override
            public int read(long position, ByteBuffer target) {
                consignment[0].cancel();
                target.put((byte) 1);
                return 1;
            }
        };
        consignment[0] = TestConsignment.of(cancelling).to(local("ann"));
        assertThat(deliver(consignment[0])).hasOnlyElementsOfType(Outcome.NotMine.class);
        assertThat(inlet.abandoned()).isEqualTo(1);
    }

    @Test
    void carriesNothingAfterAFailure() throws Exception {
        loopback.fail("io.spooler.loopback.cfg: domains=@ is not allowed");
        assertThat(loopback.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(deliver(TestConsignment.of("x").to(local("ann")))).hasOnlyElementsOfType(Outcome.NotMine.class);
    }

    @Test
    void saysWhereAStoreMayFileInItsPlace() {
        assertThat(loopback.mailbox(new Address(Address.LOCAL, "Ann"))).contains("Ann");
        assertThat(loopback.mailbox(Address.smtp("Bob+x@other.local"))).contains("bob+x");
        assertThat(loopback.mailbox(Address.smtp("bob@example.org"))).isEmpty();
        assertThat(loopback.mailbox(new Address("FAX", "1"))).isEmpty();
        assertThat(loopback.mailbox(new Address(Address.LOCAL, "x".repeat(300))))
                .as("its delivery says why not")
                .isEmpty();
        loopback.fail("a domain is wrong");
        assertThat(loopback.mailbox(new Address(Address.LOCAL, "Ann"))).isEmpty();
        loopback.apply(new LoopbackSettings(List.of("spooler.local"), Set.of()));
        loopback.closeInbound();
        assertThat(loopback.mailbox(new Address(Address.LOCAL, "Ann"))).isEmpty();
    }
}
