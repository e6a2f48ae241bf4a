package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.spooler.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies from bytes, however they are cut. */
class ReplyDecoderTest {

    private static List<ServerReply> decode(String text, int piece) {
        EmbeddedChannel channel = new EmbeddedChannel(new ReplyDecoder());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, i, Math.min(piece, bytes.length - i)));
        }
        List<ServerReply> replies = new ArrayList<>();
        for (ServerReply reply = channel.readInbound(); reply != null; reply = channel.readInbound()) {
            replies.add(reply);
        }
        channel.finishAndReleaseAll();
        return replies;
    }

    @Test
    void everyCutGivesTheSame() {
        String text = "250-a\r\n250-\r\n250 b ü\r\n354\r\n221 x\n550 5.1.1 y\r\n";
        List<ServerReply> expected = List.of(
                new ServerReply(250, List.of("a", "", "b ü")),
                new ServerReply(354, List.of("")),
                new ServerReply(221, List.of("x")),
                new ServerReply(550, List.of("5.1.1 y")));
        for (int piece = 1; piece <= text.length(); piece++) {
            assertThat(decode(text, piece)).as("pieces of %d", piece).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "70000"})
    void aReplyHasItsBudget(int piece) {
        String most = "250-" + "x".repeat(ReplyDecoder.BUDGET - 14) + "\r\n250 ok\r\n";
        assertThat(decode(most + most, piece)).hasSize(2);
        assertThatThrownBy(() -> decode("250-x" + most.substring(4), piece)).isInstanceOf(TooLongFrameException.class);
        assertThatThrownBy(() -> decode("2".repeat(ReplyDecoder.BUDGET + 1), piece))
                .isInstanceOf(TooLongFrameException.class);
        assertThatThrownBy(() -> decode("250-x\r\n".repeat(10_000), piece)).isInstanceOf(TooLongFrameException.class);
    }

    @ParameterizedTest
    @CsvSource({"''", "25", "25x y", "199 y", "600 y", "250_y", "' 250 y'"})
    void whatIsNoReplyIsRefused(String line) {
        assertThatThrownBy(() -> decode(line + "\r\n", 100)).isInstanceOf(CorruptedFrameException.class);
    }

    @Test
    void whatIsLoggedOfItIsHarmless() {
        ServerReply reply = decode("550-\u001b[2J\u202e\r\n550-" + "x".repeat(9000) + "\r\n550 y\r\n", 100)
                .get(0);
        assertThat(reply.lines()).hasSize(3);
        assertThat(reply).hasToString("550  [2J  " + "x".repeat(512) + " y");
    }

    @ParameterizedTest
    @CsvSource({
        "250, 2.1.5 fine, 2.1.5",
        "250, 2.100.999, 2.100.999",
        "250, 5.1.1 fine, 2.0.0",
        "550, 5.1.1unknown, 5.0.0",
        "550, 5.1. unknown, 5.0.0",
        "550, 5..1 unknown, 5.0.0",
        "550, 5.1234.1 unknown, 5.0.0",
        "451, '', 4.0.0",
        "354, go, 5.0.0",
    })
    void theEnhancedCodeIsTheServersIfItIsRight(int code, String text, String status) {
        assertThat(new ServerReply(code, List.of(text)).toReply())
                .isEqualTo(new Reply(status, (code + " " + text).strip()));
    }
}
