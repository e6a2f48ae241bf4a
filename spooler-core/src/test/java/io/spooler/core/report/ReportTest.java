package io.spooler.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a report is made of, with hostile originals. */
class ReportTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Address ANN = Address.smtp("ann@example.org");
    private static final SpoolId ID = SpoolId.parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");

    /** Bytes that are made up when they are read. */
    private static final class Made implements Content {

        private final byte[] start;
        private final long size;
        private int largest;

        private Made(byte[] start, long size) {
            this.start = start;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            if (position >= size) {
                return -1;
            }
            largest = Math.max(largest, target.remaining());
            int count = (int) Math.min(target.remaining(), size - position);
            for (int i = 0; i < count; i++) {
                target.put(position + i < start.length ? start[(int) position + i] : (byte) 'x');
            }
            return count;
        }
    }

    private static Made made(String start, long size) {
        byte[] bytes = start.getBytes(StandardCharsets.UTF_8);
        return new Made(bytes, Math.max(size, bytes.length));
    }

    private static Report report(Content content, Reply reply) throws IOException {
        RecipientStatus failed =
                new RecipientStatus(Recipient.of(ANN), RecipientState.FAILED, 1, null, NOW, "t", reply);
        Message message = new Message(
                ID,
                Envelope.of(ANN, List.of(ANN)),
                NOW,
                content.size(),
                content,
                content,
                List.of(failed),
                true,
                List.of(),
                0,
                false);
        ReportSettings settings = new ReportSettings(Duration.ZERO, Duration.ofDays(5), "en", Long.MAX_VALUE, ANN);
        return new Report(message, List.of(new News(0, Kind.FAILED, failed, NOW, "::1", null)), ANN, "host", settings);
    }

    private static String written(Content content, Reply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report(content, reply).writeTo(out, ID.toString(), NOW);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_large_original_runs_through_a_small_buffer() throws Exception {
        Made large = made("Subject: large\r\n\r\n", 300L << 20);
        long[] count = {0};
        report(large, new Reply("5.0.0", "no"))
                .writeTo(
                        new OutputStream() {
                            @Override
                            public void write(int octet) {
                                count[0]++;
                            }

                            @Override
                            public void write(byte[] source, int offset, int length) {
                                count[0] += length;
                            }
                        },
                        ID.toString(),
                        NOW);
        assertThat(count[0]).isGreaterThan(300L << 20);
        assertThat(large.largest).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void nothing_that_others_wrote_makes_a_field_of_its_own() throws Exception {
        String text = written(
                made("Subject: =?utf-8?q?x=0D=0ABcc:_evil@example.org?=\r\nMessage-ID: <a b>\r\n\r\nbody\r\n", 0),
                new Reply("5.0.0", "550 no\r\nAction: delivered\r\n"));
        assertThat(text.lines()).noneMatch(line -> line.startsWith("Bcc:"));
        assertThat(text.lines().filter(line -> line.startsWith("Action:"))).containsExactly("Action: failed");
        assertThat(text).doesNotContain("In-Reply-To").contains("\r\nRemote-MTA: dns; [IPv6:::1]\r\n");
    }

    @Test
    void an_original_without_header_or_without_end_is_returned_as_it_is() throws Exception {
        assertThat(written(made("", 0), new Reply("5.0.0", "")))
                .contains("(no subject)", "message/rfc822\r\n\r\n\r\n--=_");
        assertThat(written(made("no header at all", 0), new Reply("5.0.0", "")))
                .contains("\r\n\r\nno header at all\r\n--=_");
        assertThat(written(made("\0\1\2: \r\r\n\n", 0), new Reply("5.0.0", ""))).contains("Action: failed");
    }

    @Test
    void whatever_the_original_is_there_is_a_report() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        String alphabet = "\r\r\n\n\n: \t=?=?utf-8?q?b?subject:message-id:<a@b>references:\0\u00e9\ud83d\udca9,;\"()";
        for (int i = 0; i < 3000; i++) {
            StringBuilder original = new StringBuilder("Subject: ");
            for (int length = random.nextInt(60); length > 0; length--) {
                original.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(written(made(original.toString(), 0), new Reply("5.0.0", "no")))
                    .as("original %s", original)
                    .contains("\r\nAction: failed\r\n")
                    .endsWith("\r\n--=_" + ID + "--\r\n");
        }
    }

    @Test
    void no_line_is_longer_than_mail_allows() throws Exception {
        String text = written(made("Subject: x\r\n\r\n", 0), new Reply("5.0.0", "word ".repeat(400)));
        assertThat(text.lines()).allMatch(line -> line.length() <= 998);
        assertThat(text.lines().filter(line -> line.startsWith("Diagnostic-Code")))
                .hasSize(1);
    }

    @Test
    void every_language_has_the_same_words() throws Exception {
        Properties english = words("");
        assertThat(english).hasSizeGreaterThan(20);
        for (String language : List.of(ReportSettings.languages()).subList(1, ReportSettings.languages().length)) {
            assertThat(words("_" + language).keySet()).as(language).isEqualTo(english.keySet());
        }
        assertThat(Words.in("pt").say("until", "amanhã")).isEqualTo("Continuamos a tentar até amanhã.");
        assertThat(Words.in("en").say("until", "then")).isEqualTo("We keep trying until then.");
    }

    private static Properties words(String language) throws IOException {
        Properties words = new Properties();
        try (InputStream in = Words.class.getResourceAsStream("messages" + language + ".properties")) {
            words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return words;
    }
}
