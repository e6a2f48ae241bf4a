package io.spooler.hooks;

import static io.spooler.hooks.Messages.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.hook.Decision;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {

    private static final String RECEIVED =
            "Received: by mx.example.org (Spooler) with LOCAL\r\n\tid " + ID + "; Wed, 4 Mar 2026 05:06:07 +0000\r\n";
    private static final String MESSAGE_ID = "Message-ID: <" + ID + "@mx.example.org>\r\n";
    private static final String DATE = "Date: Wed, 4 Mar 2026 05:06:07 +0000\r\n";

    private final TraceHeaders hook = new TraceHeaders("mx.example.org");

    /** What is put in front; empty for nothing. */
    private String added(String content) throws IOException {
        Decision decision = hook.process(Messages.of(content));
        if (decision.equals(Decision.CONTINUE)) {
            return "";
        }
        Decision.Change change = (Decision.Change) decision;
        assertThat(change.content()).isNull();
        assertThat(change.recipients()).isNull();
        return change.header();
    }

    @Test
    void addsEverythingThatIsMissing() throws IOException {
        assertThat(added("Subject: x\r\n\r\nText\r\n")).isEqualTo(RECEIVED + MESSAGE_ID + DATE);
    }

    @Test
    void addsOnlyWhatIsMissing() throws IOException {
        assertThat(added("message-id: <a@b>\r\n\r\nDate: in the body\r\n")).isEqualTo(RECEIVED + DATE);
        assertThat(added("DATE: x\r\nMessage-Id:\r\n <a@b>\r\n\r\n")).isEqualTo(RECEIVED);
    }

    @Test
    void continuesWhenNothingIsMissing() throws IOException {
        assertThat(added("Received: from a by b with ESMTP\r\n\tid " + ID + "; x\r\nReceived: by c id 1; y\r\n"
                        + "Date: x\r\nMessage-ID: <a@b>\r\n\r\nText"))
                .isEmpty();
        assertThat(added("Authentication-Results: b; none\r\nReceived: by b\r\n id " + ID + "; x\r\nDate: x\r\n"
                        + "Message-ID: <a@b>\r\n\r\n"))
                .as("what a hook has put in front")
                .isEmpty();
        assertThat(added("Return-Path: <a@b>\r\nReceived: by b\r\n id " + ID + "; x\r\nDate: x\r\nMessage-ID: <a@b>\r\n"
                        + "\r\n"))
                .isEmpty();
    }

    @Test
    void takesNoForeignReceivedLineForItsOwn() throws IOException {
        String others = "Date: x\r\nMessage-ID: <a@b>\r\n\r\n";
        assertThat(added("Received: by c id 1; y\r\n" + others)).isEqualTo(RECEIVED);
        assertThat(added("Subject: x\r\nReceived: by b id " + ID + "; y\r\n" + others))
                .as("one further down was there before")
                .isEqualTo(RECEIVED);
    }

    @Test
    void separatesABodyWithoutHeader() throws IOException {
        assertThat(added("Just text, no header\r\nTo: bob\r\n\r\nmore"))
                .isEqualTo(RECEIVED + MESSAGE_ID + DATE + "\r\n");
        assertThat(added("\r\nText")).isEqualTo(RECEIVED + MESSAGE_ID + DATE);
        assertThat(added("")).isEqualTo(RECEIVED + MESSAGE_ID + DATE);
        assertThat(added(" Date: continues nothing, and must not continue what is put in front\r\n\r\n"))
                .isEqualTo(RECEIVED + MESSAGE_ID + DATE + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: x\nDate: y\nMessage-ID: <a@b>\n\nText", "Date: y\r\nMessage-ID: <a@b>\r\n"})
    void readsBareLineFeedsAndHeadersWithoutBody(String content) throws IOException {
        assertThat(added(content)).isEqualTo(RECEIVED);
    }

    @Test
    void readsLongHeaders() throws IOException {
        String filler = ("X-Filler: " + "y".repeat(2000) + "\r\n").repeat(20);
        assertThat(added(filler + "Date: x\r\nMessage-ID: <a@b>\r\n\r\nText")).isEqualTo(RECEIVED);
        assertThat(added(filler + "Date: x\r\n\r\n" + "Text\r\n".repeat(100_000)))
                .isEqualTo(RECEIVED + MESSAGE_ID);
    }

    @Test
    void endsTheHeaderBeforeALineThatIsNoField() throws IOException {
        assertThat(added("Date : x\r\nno field\r\nMessage-ID: <a@b>\r\n\r\n")).isEqualTo(RECEIVED + MESSAGE_ID);
        assertThat(added("Date: x\r\nMessage ID: <a@b>\r\n\r\n")).isEqualTo(RECEIVED + MESSAGE_ID);
    }

    /** Wherever the first read ends, in a name or a body, before or behind a line end: what is further on counts. */
    @Test
    void readsOnWhereverTheFirstReadEnds() throws IOException {
        for (int cut = 1; cut <= 50; cut++) {
            String filler = "X-Filler: " + "y".repeat(4096 - 12 - cut) + "\r\n";
            assertThat(added(filler + "Date: x\r\nMESSAGE-ID: <a@b>\r\n\r\nText"))
                    .isEqualTo(RECEIVED);
        }
    }

    @Test
    void claimsNothingOfAHeaderThatIsTooLong() throws IOException {
        assertThat(added("X-Filler: y\r\n".repeat(20_000) + "\r\nText")).isEqualTo(RECEIVED);
    }

    @Test
    void survivesBinary() throws IOException {
        assertThat(added("\u0000\u00FF\u0001:\u0000\u0002\r\n\u00FE")).startsWith(RECEIVED);
        assertThat(added(": \r\n:\r\n\r\n")).startsWith(RECEIVED);
    }

    @Test
    void neverWritesAStrangeHostName() throws IOException {
        Decision decision = new TraceHeaders("evil\r\nBcc: x").process(Messages.of("\r\n"));
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Change.class,
                        change -> assertThat(change.header())
                                .contains("by localhost (Spooler)")
                                .doesNotContain("Bcc"));
    }
}
