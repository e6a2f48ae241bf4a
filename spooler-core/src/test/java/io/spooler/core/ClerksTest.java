package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.OFFERED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.transport.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports are written away from the loop, before what they say is recorded, and whatever is wrong with the original. */
class ClerksTest {

    private static final Address SENDER = new Address(Address.LOCAL, "sender");

    private final Bench bench = new Bench();
    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport post = new FakeTransport();
    private final List<Runnable> clerks = new ArrayList<>();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private void transports() {
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.transport(post, "post", 0, "LOCAL");
        smtp.answer = address -> address.localPart().equals("ann")
                ? new Outcome.Failed(new Reply("5.1.1", "no such user"))
                : new Outcome.Relayed(FakeTransport.OK);
    }

    private SpoolId send(String recipient, Recipient.Notify... wishes) throws Exception {
        Recipient to = new Recipient(Address.smtp(recipient), Set.of(wishes), null, null);
        return bench.submit(new Envelope(SENDER, List.of(to), Envelope.Options.DEFAULT));
    }

    private void work() {
        while (!clerks.isEmpty()) {
            clerks.remove(0).run();
        }
    }

    @Test
    void the_loop_goes_on_while_a_report_is_written_and_records_nothing_before() throws Exception {
        bench.withStore();
        transports();
        bench.clerks = clerks::add;
        SpoolId id = send("ann@example.org");
        assertThat(clerks).as("a report to be written").hasSize(1);
        assertThat(bench.states(id)).containsExactly(OFFERED);
        assertThat(bench.store.find(id).orElseThrow().recipients().get(0).state())
                .isEqualTo(READY);
        assertThat(bench.states(send("bob@example.org"))).containsExactly(RELAYED);

        work();
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents)
                .singleElement()
                .satisfies(report -> assertThat(report).contains("Action: failed"));
    }

    @Test
    void closing_waits_for_what_is_being_reported() throws Exception {
        bench.withStore();
        transports();
        bench.clerks = clerks::add;
        SpoolId id = send("bob@example.org", Recipient.Notify.SUCCESS);
        CompletableFuture<?> closed = bench.core.close();
        assertThat(closed).isNotDone();
        work();
        assertThat(closed).isCompleted();
        assertThat(bench.store.find(id).orElseThrow().complete())
                .as("served, and not to be served again")
                .isTrue();
    }

    @Test
    void closing_waits_for_a_clerk_no_longer_than_the_grace_time() throws Exception {
        bench.withStore();
        transports();
        bench.clerks = clerks::add;
        SpoolId id = send("ann@example.org");
        CompletableFuture<?> closed = bench.core.close();
        bench.advance(bench.core.settings().grace());
        assertThat(closed).isNotDone();
        bench.advance(Duration.ofSeconds(1));
        assertThat(closed).isCompleted();
        assertThat(bench.store.claim(id, bench.clock.instant(), Duration.ofMinutes(1)))
                .as("given back")
                .isPresent();
    }

    @Test
    void what_nobody_can_write_stays_open_until_somebody_can() throws Exception {
        bench.withStore();
        transports();
        bench.clerks = piece -> {
            throw new RejectedExecutionException("no clerk");
        };
        SpoolId id = send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        bench.clerks = Runnable::run;
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents).hasSize(1);
    }

    static List<Arguments> hostile() {
        String parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(10_000);
        StringBuilder nested = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b").append(i);
            nested.append("\r\n\r\n--b").append(i).append("\r\n");
        }
        return List.of(
                Arguments.of("ten thousand parts", parts),
                Arguments.of("ten thousand parts in each other", nested.toString()),
                Arguments.of("messages in messages", "Content-Type: message/rfc822\r\n\r\n".repeat(10_000)),
                Arguments.of("comments in comments", "Subject: " + "(".repeat(1_000_000) + "\r\n\r\n"),
                Arguments.of("a huge field", "Subject: " + "x".repeat(5_000_000) + "\r\n\r\n"),
                Arguments.of("very many fields", "X: y\r\n".repeat(500_000) + "\r\n"),
                Arguments.of("one field in very many lines", "Subject: x\r\n" + " y\r\n".repeat(500_000) + "\r\n"),
                Arguments.of("encoded words without an end", "Subject: " + "=?a?Q?b".repeat(9_000) + "\r\n\r\n"),
                Arguments.of("very many beginnings of encoded words", "Subject: " + "=?a?".repeat(16_000) + "\r\n\r\n"),
                Arguments.of("encoded words of nothing", "Subject: " + "=?a?b??=".repeat(8_000) + "\r\n\r\n"),
                Arguments.of("ids without an end", "Message-ID: " + "<".repeat(60_000) + "\r\nReferences: <a\r\n\r\n"),
                Arguments.of(
                        "very many ids", "Message-ID: <a@b>\r\nReferences: " + "<a@b> ".repeat(10_000) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_hostile_original_is_reported_soon(String what, String original) throws Exception {
        bench.withStore();
        transports();
        Envelope envelope = Envelope.of(SENDER, List.of(Address.smtp("ann@example.org")));
        SpoolId id = bench.client.submit(envelope, out -> out.write(original.getBytes(StandardCharsets.US_ASCII)));
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents)
                .singleElement()
                .satisfies(
                        report -> assertThat(report).contains("Action: failed").endsWith("--\r\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void an_original_that_breaks_at_any_look_is_reported_without_it(int look) throws Exception {
        reportedWithout(breaking(look, new IOException("unreadable sector")));
    }

    @Test
    void an_original_that_exhausts_the_stack_is_reported_without_it() throws Exception {
        reportedWithout(breaking(1, new StackOverflowError()));
    }

    private void reportedWithout(MessageStore store) throws Exception {
        bench.withStore(store);
        transports();
        SpoolId id = send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains("Action: failed", "Your message is not: it could not")
                        .doesNotContain("message/rfc822", "text/rfc822-headers", "hello"));
    }

    /** The store, but that what was accepted can be opened only some times. */
    private MessageStore breaking(int look, Throwable how) {
        return (MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(bench.store, arguments);
                        return result instanceof List<?> list
                                        && method.getName().equals("claim")
                                ? list.stream()
                                        .map(claim -> breaking((Claim) claim, look, how))
                                        .toList()
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Claim breaking(Claim claim, int look, Throwable how) {
        Message m = claim.message();
        Content broken = new Breaking(m.accepted(), look, how);
        Message message = new Message(
                m.id(),
                m.envelope(),
                m.submitted(),
                m.size(),
                broken,
                m.content(),
                m.recipients(),
                m.prepared(),
                m.hooks(),
                m.crashes(),
                m.complete());
        return new Claim(message, claim.due(), claim.epoch(), claim.until());
    }

    private static final class Breaking implements Content {

        private final Content content;
        private final Throwable how;
        private int looks;

        private Breaking(Content content, int looks, Throwable how) {
            this.content = content;
            this.looks = looks;
            this.how = how;
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            if (looks <= 0 && how instanceof Error error) {
                throw error;
            } else if (looks <= 0) {
                throw new IOException(how);
            }
            return content.read(position, target);
        }

        @Override
        public InputStream open() {
            looks--;
            return Content.super.open();
        }
    }
}
