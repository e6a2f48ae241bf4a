package io.spooler.dkim;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.hook.Decision;
import io.spooler.hook.OutgoingMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Messages for the tests; one character is one octet. */
final class Messages {

    static final SpoolId ID = SpoolId.parse("01HZX3M9V5Q8RJ4C2K7D6F0GST");
    static final Instant SUBMITTED = Instant.parse("2026-03-04T05:06:07.890Z");
    static final String LETTER =
            "From: Ann <ann@example.org>\r\nTo: bob@example.net\r\nSubject: Hello\r\n\r\nHello.\r\n";

    private Messages() {}

    static OutgoingMessage of(String content) {
        return new OutgoingMessage(
                ID,
                SUBMITTED,
                null,
                Envelope.Options.DEFAULT,
                List.of(Recipient.of(Address.smtp("bob@example.net"))),
                content(content));
    }

    /** As the listener takes it from a client. */
    static String from(String client, String protocol, String content) {
        return "Received: from mx.example.com\r\n ([" + client + "])\r\n by mx.example.org with " + protocol
                + "\r\n id " + ID + ";\r\n Wed, 4 Mar 2026 05:06:07 +0000\r\n" + content;
    }

    static Content content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Content() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public int read(long position, ByteBuffer target) {
                if (position >= octets.length) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), octets.length - position);
                target.put(octets, (int) position, count);
                return count;
            }
        };
    }

    /** What is sent after a decision. */
    static String after(Decision decision, String content) throws IOException {
        if (!(decision instanceof Decision.Change change)) {
            return content;
        }
        if (change.content() == null) {
            return change.header() + content;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        change.content().writeTo(out);
        return change.header() + out.toString(StandardCharsets.ISO_8859_1);
    }

    static Header header(String text) throws IOException {
        return Header.read(content(text)).orElseThrow();
    }
}
