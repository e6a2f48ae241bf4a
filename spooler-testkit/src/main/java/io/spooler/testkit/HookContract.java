package io.spooler.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.hook.Decision;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PreProcessor} must do with any message, however odd. The test of a hook implements this interface; the
 * tests of the contract come with it.
 */
public interface HookContract {

    /**
     * The hook under test.
     *
     * @return ready to work
     */
    PreProcessor hook();

    /**
     * A message of a content and one recipient.
     *
     * @param content octets
     * @return the message
     */
    static OutgoingMessage message(byte[] content) {
        return message(content, List.of(Recipient.of(Address.smtp("ann@example.org"))));
    }

    /**
     * A message of a content and recipients.
     *
     * @param content octets
     * @param recipients whom to serve
     * @return the message
     */
    static OutgoingMessage message(byte[] content, List<Recipient> recipients) {
        Instant time = Instant.parse("2026-03-04T05:06:07Z");
        SpoolId id = SpoolId.next(time, new SplittableRandom(1));
        return new OutgoingMessage(
                id, time, Address.smtp("me@example.com"), Envelope.Options.DEFAULT, recipients, new Bytes(content));
    }

    /**
     * Octets as content, in short reads.
     *
     * @param octets not copied
     */
    record Bytes(ByteBuffer octets) implements Content {

        private static final int SHORT_READ = 100;

        Bytes(byte[] octets) {
            this(ByteBuffer.wrap(octets));
        }

        @Override
        public long size() {
            return octets.limit();
        }

        @Override
        public int read(long position, ByteBuffer target) {
            if (position >= octets.limit()) {
                return -1;
            }
            int count = Math.min(Math.min(SHORT_READ, target.remaining()), octets.limit() - (int) position);
            target.put(octets.slice((int) position, count));
            return count;
        }
    }

    /** Whatever comes, the hook decides and does not throw, and what it puts in front is whole lines. */
    @Test
    default void decides_about_any_content() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] noise = new byte[4096];
        random.nextBytes(noise);
        List<byte[]> contents = List.of(
                new byte[0],
                noise,
                octets("\r\n"),
                octets("no header at all"),
                octets(": \r\n:::\r\n\r\n"),
                octets("Subject: \u00e9\u4e16\r\n\r\nbody"),
                octets("Subject: bare\nlf\n\nbody"),
                octets("A: " + "x".repeat(300_000) + "\r\n\r\nbody"),
                octets("A: b\r\n".repeat(50_000)),
                octets(" folded from the start\r\n\tagain\r\n\r\n"));
        for (byte[] content : contents) {
            assertThatCode(() -> check(hook().process(message(content)))).doesNotThrowAnyException();
        }
    }

    /** A message with many recipients keeps all that were not named for a change. */
    @Test
    default void takes_many_recipients() throws Exception {
        List<Recipient> many = IntStream.range(0, 1000)
                .mapToObj(i -> Recipient.of(Address.smtp("user" + i + "@example.org")))
                .toList();
        check(hook().process(message(octets("Subject: x\r\n\r\n"), many)));
    }

    /** After a crash a message may come again: the decision is the same (Javadoc of {@code process}). */
    @Test
    default void decides_the_same_about_the_same_message() throws Exception {
        byte[] content = octets("Subject: x\r\n\r\nbody\r\n");
        assertThat(describe(hook().process(message(content)))).isEqualTo(describe(hook().process(message(content))));
    }

    /** Undo of a message that the hook has never seen does no harm. */
    @Test
    default void undoes_nothing_quietly() {
        SpoolId unknown = SpoolId.next(Instant.EPOCH, new SplittableRandom(2));
        assertThatCode(() -> hook().undo(unknown)).doesNotThrowAnyException();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void check(Decision decision) {
        assertThat(decision).isNotNull();
        if (decision instanceof Decision.Change change) {
            assertThat(change.header()).matches(header -> header.isEmpty() || header.endsWith("\r\n"), "whole lines");
            assertThat(change.header().replace("\r\n", "")).doesNotContain("\r", "\n");
            if (change.recipients() != null) {
                assertThat(change.recipients().stream().map(r -> r.address().key()))
                        .doesNotHaveDuplicates();
            }
        }
    }

    private static String describe(Decision decision) {
        return decision instanceof Decision.Change change
                ? change.header() + change.recipients() + change.refused()
                : decision.toString();
    }
}
