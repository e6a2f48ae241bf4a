package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Content;
import io.spooler.Reply;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Mail;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The octets of the content, from here to the server. */
class ContentTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                  | ''",
                "a\\r\\n             | a\\r\\n",
                "a                   | a\\r\\n",
                "a\\n                | a\\r\\n",
                "\\r\\n              | \\r\\n",
                ".                   | .\\r\\n",
                ".\\r\\n             | .\\r\\n",
                "..\\r\\n.\\r\\n..a  | ..\\r\\n.\\r\\n..a\\r\\n",
                "a\\r\\n.\\r\\nb     | a\\r\\n.\\r\\nb\\r\\n",
                "a\\n.\\nb           | a\\r\\n.\\r\\nb\\r\\n",
                "a\\n.\\r\\nb        | a\\r\\n.\\r\\nb\\r\\n",
                "a\\r\\n.\\nb        | a\\r\\n.\\r\\nb\\r\\n",
                "a.b.\\r\\n          | a.b.\\r\\n",
            })
    void arrivesWithLineEndsMadeRight(String sent, String arrives) {
        rig.sendOne(TestConsignment.of(unescape(sent)).to("ann@example.org"));
        assertThat(rig.peer.mails()).hasSize(1);
        assertThat(rig.peer.mails().get(0).text()).isEqualTo(unescape(arrives));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r", "a\r.\rb\r\n", "a\r\r\n.\r\nb\r\n", "a\n\rb\r\n", "\r"})
    void aBareCarriageReturnDoesNotLeave(String content) {
        for (String text : List.of(content, "0123456789abcdef\r\n".repeat(10_000) + content)) {
            Outcome.Failed outcome =
                    (Outcome.Failed) rig.sendOne(TestConsignment.of(text).to("ann@example.org"));
            assertThat(outcome.reply().status()).isEqualTo("5.6.0");
        }
        assertThat(rig.peer.commands()).containsExactly("EHLO client.test");
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @ParameterizedTest
    @CsvSource({"'a\\n', 3", "'a\\r\\n', 3", "'a', 3", "'.', 3", "'\\n', 2", "'', 0"})
    void saysAsManyOctetsAsItSends(String line, long each) {
        String text = unescape(line);
        int many = text.endsWith("\n") ? 2 * Outgoing.SMALL : 1;
        for (int count : new int[] {1, many}) {
            rig.sendOne(TestConsignment.of(text.repeat(count)).to("ann@example.org"));
        }
        assertThat(rig.peer.mails())
                .extracting(Mail::from)
                .containsExactly(
                        "MAIL FROM:<sender@example.org> SIZE=" + each,
                        "MAIL FROM:<sender@example.org> SIZE=" + many * each);
        assertThat(rig.peer.mails().get(1).content()).hasSize((int) (many * each));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 100_000})
    void whatGrowsBeyondTheLimitOfTheServerIsNotSent(int lines) {
        rig.peer.extensions("PIPELINING", "SIZE " + (3 * lines - 1));
        Outcome.Failed outcome = (Outcome.Failed)
                rig.sendOne(TestConsignment.of("a\n".repeat(lines)).to("ann@example.org"));
        assertThat(outcome.reply().status()).isEqualTo("5.3.4");
        assertThat(rig.peer.commands()).containsExactly("EHLO client.test");
    }

    @Test
    void everyCutGivesTheSame() {
        Random random = new Random(1);
        byte[] content = new byte[Outgoing.SMALL + 3000];
        String[] alphabet = {"\r\n", "\n", ".", "a", "\r\n", "\n"};
        int filled = 0;
        while (filled < content.length) {
            for (byte b : alphabet[random.nextInt(alphabet.length)].getBytes(StandardCharsets.US_ASCII)) {
                content[Math.min(filled++, content.length - 1)] = b;
            }
        }
        for (int end : new int[] {3000, content.length}) {
            content[end - 1] = content[end - 1] == '\r' ? (byte) 'a' : content[end - 1];
        }
        Content small = new Trickle(content, 3000);
        Content large = new Trickle(content, content.length);
        rig.sendOne(TestConsignment.of(small).to("ann@example.org"));
        rig.sendOne(TestConsignment.of(large).to("ann@example.org"));
        assertThat(rig.peer.mails().get(0).content()).isEqualTo(normal(content, 3000));
        assertThat(rig.peer.mails().get(1).content()).isEqualTo(normal(content, content.length));
    }

    private static byte[] normal(byte[] content, int length) {
        String text = new String(content, 0, length, StandardCharsets.ISO_8859_1);
        String lines = text.replaceAll("\r\n|\r|\n", "\r\n");
        return (lines.endsWith("\r\n") ? lines : lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void eightBitIsSaidAndKept() {
        rig.sendOne(TestConsignment.of("\r\nGrüße\r\n").to("ann@example.org"));
        assertThat(rig.peer.mails().get(0).from()).endsWith(" BODY=8BITMIME");
        assertThat(rig.peer.mails().get(0).text()).isEqualTo("\r\nGrüße\r\n");
    }

    @Test
    void twentyMegabytes() {
        byte[] content = lines(20 * 1024 * 1024);
        content[content.length - 10] = (byte) 0xE4;
        assertThat(rig.sendOne(TestConsignment.of(content).to("ann@example.org")))
                .isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).from()).endsWith(" BODY=8BITMIME");
        assertThat(rig.peer.mails().get(0).content()).isEqualTo(content);
    }

    /** Lines of 1 to 200 octets, some of which begin with dots. */
    private static byte[] lines(int size) {
        Random random = new Random(2);
        byte[] content = new byte[size];
        int left = 0;
        for (int i = 0; i < size; i++) {
            if (left == 0) {
                left = 3 + random.nextInt(200);
            }
            left--;
            content[i] = left == 1 ? (byte) '\r' : left == 0 ? (byte) '\n' : (byte) ".abcdef".charAt(random.nextInt(7));
        }
        content[size - 2] = '\r';
        content[size - 1] = '\n';
        return content;
    }

    @Test
    void unreadableContentIsDeferredAndNeverCutShort() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 1_000_000;
            }

            private boolean again;

            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                again |= position == 999_999;
                if (again && position == 500_000) {
                    throw new IOException("bad sector");
                }
                // It is read twice: first to know what is in it.
                int count = position == 999_999 ? 1 : (int) Math.min(target.remaining(), 499_999 - position % 500_000);
                target.put(new byte[Math.max(1, count)]);
                return Math.max(1, count);
            }
        };
        Outcome.Deferred outcome =
                (Outcome.Deferred) rig.sendOne(TestConsignment.of(broken).to("ann@example.org"));
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(outcome.reply().text()).contains("bad sector");
        assertThat(rig.peer.mails()).isEmpty();
    }

    @Test
    void contentThatThrowsIsAnswered() {
        Content broken = new Content() {
            @Override
            public long size() {
                throw new IllegalStateException("no longer held");
            }

            @Override
            public int read(long position, ByteBuffer target) {
                return -1;
            }
        };
        Outcome.Deferred outcome =
                (Outcome.Deferred) rig.sendOne(TestConsignment.of(broken).to("ann@example.org"));
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(outcome.reply().text()).contains("no longer held");
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void contentShorterThanItSaysIsNotSent() {
        Outcome.Deferred outcome = (Outcome.Deferred)
                rig.sendOne(TestConsignment.of(new Trickle(new byte[10], 20)).to("ann@example.org"));
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(rig.peer.commands()).containsExactly("EHLO client.test");
    }

    @Test
    void aSlowReaderIsWaitedForWithoutBufferingAll() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        Trickle content = new Trickle(lines(40_000_000), 40_000_000);
        rig.peer.always("DATA", session -> {
            Action.reply("354 go ahead").act(session);
            Action.after(gate, Action.nothing()).act(session);
        });
        CompletableFuture<?> answer = rig.begin(TestConsignment.of(content).to("ann@example.org"));
        rig.peer.awaitCommand("DATA");
        // Half is far more than sockets and water marks hold: were it all buffered, the read would reach the end.
        assertThat(content.readThrough).isFalse();
        gate.complete(null);
        Rig.await(answer);
        assertThat(content.readThrough).isTrue();
    }

    @Test
    void anEarlyRefusalCounts() {
        rig.peer.always("DATA", Action.interruptData(100_000, "552 5.3.4 too much"));
        byte[] content = lines(30_000_000);
        Outcome outcome = rig.sendOne(TestConsignment.of(content).to("ann@example.org"));
        // The reply may be lost when the connection is reset under the data; it is never taken for a success.
        assertThat(outcome)
                .satisfiesAnyOf(
                        o -> assertThat(o).isEqualTo(new Outcome.Failed(new Reply("5.3.4", "552 5.3.4 too much"))),
                        o -> assertThat(o).isInstanceOf(Outcome.Deferred.class));
    }

    /** Gives one to three octets at a time at the start, then all that is asked for. */
    private static final class Trickle implements Content {

        private final byte[] bytes;
        private final int available;
        private final int size;
        private int reads;
        private int through;
        volatile boolean readThrough;

        Trickle(byte[] bytes, int size) {
            this.bytes = bytes;
            this.available = Math.min(bytes.length, size);
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            if (position >= available) {
                return -1;
            }
            int most = reads++ < 2000 ? 1 + reads % 3 : target.remaining();
            int count = (int) Math.min(Math.min(most, target.remaining()), available - position);
            target.put(bytes, (int) position, count);
            if (position + count == size && ++through == 2) {
                // Once for 8-bit octets, once to be sent.
                readThrough = true;
            }
            return count;
        }
    }
}
