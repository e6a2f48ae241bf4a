package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every text of up to six octets that matter, at every cut, against the plain rule. */
class DotStufferTest {

    private static final byte[] ALPHABET = {'\r', '\n', '.', 'a'};
    private static final int LONGEST = 6;

    @Test
    void agreesWithThePlainRule() {
        for (int length = 0; length <= LONGEST; length++) {
            int texts = 1 << (2 * length);
            for (int number = 0; number < texts; number++) {
                byte[] text = text(number, length);
                String expected = plain(new String(text, StandardCharsets.US_ASCII));
                int size = expected.replaceAll("(?m)^\\.", "").length() - 2;
                for (int cut = 0; cut <= length; cut++) {
                    DotStuffer stuffer = new DotStuffer(true);
                    assertThat(stuffed(stuffer, text, cut)).isEqualTo(expected);
                    assertThat(length + stuffer.added()).isEqualTo(size);
                }
            }
        }
    }

    private static byte[] text(int number, int length) {
        byte[] text = new byte[length];
        IntStream.range(0, length).forEach(i -> text[i] = ALPHABET[(number >> (2 * i)) & 3]);
        return text;
    }

    private static String plain(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        String ended = lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n";
        String stuffed = ended.replaceAll("(?m)^\\.", "..");
        return stuffed.replace("\n", "\r\n") + ".\r\n";
    }

    private static String stuffed(DotStuffer stuffer, byte[] text, int cut) {
        ByteBuf out = Unpooled.buffer();
        stuffer.feed(text, 0, cut, out);
        stuffer.feed(text, cut, text.length, out);
        stuffer.finish(out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void tellsOfEightBitOctets() {
        DotStuffer stuffer = new DotStuffer(true);
        ByteBuf out = Unpooled.buffer();
        stuffer.feed(new byte[] {'a', 127, '\r', '\n', 0}, 0, 5, out);
        assertThat(stuffer.sawEightBit()).isFalse();
        stuffer.feed(new byte[] {'\r', (byte) 0x80}, 0, 2, out);
        assertThat(stuffer.sawEightBit()).isTrue();
    }
}
