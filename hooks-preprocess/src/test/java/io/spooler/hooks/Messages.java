package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.OutgoingMessage;
import io.spooler.store.Folders.Filing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Messages for the tests of hooks. */
final class Messages {

    static final SpoolId ID = SpoolId.parse("01HZX3M9V5Q8RJ4C2K7D6F0GST");
    static final Instant SUBMITTED = Instant.parse("2026-03-04T05:06:07.890Z");

    private Messages() {}

    static OutgoingMessage of(String content) {
        return message(content, List.of(Recipient.of(Address.smtp("ann@example.org"))));
    }

    static OutgoingMessage to(String... addresses) {
        return message("", recipients(addresses));
    }

    static List<Recipient> recipients(String... addresses) {
        return Arrays.stream(addresses).map(Address::parse).map(Recipient::of).toList();
    }

    private static OutgoingMessage message(String content, List<Recipient> recipients) {
        return new OutgoingMessage(ID, SUBMITTED, null, Envelope.Options.DEFAULT, recipients, content(content));
    }

    static IncomingMessage incoming(String mailbox, String sender, String content) {
        return incoming(mailbox, sender, content(content));
    }

    private static IncomingMessage incoming(String mailbox, String sender, Content content) {
        Filing target =
                new Filing(mailbox, "INBOX", "IPM.Note", sender.isEmpty() ? null : Address.parse(sender), Set.of());
        return new IncomingMessage(ID, "smtp", target, content);
    }

    /** One of which more than the header is read. */
    static IncomingMessage report(String content) {
        return incoming("ann", "", content(content, IncomingReport.LIMIT));
    }

    /** Counts on being read up to a certain octet and no further. */
    static Content content(String text) {
        return content(text, HeaderFacts.LIMIT);
    }

    private static Content content(String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(long position, ByteBuffer target) {
                if (position >= bytes.length) {
                    return -1;
                }
                if (position > limit) {
                    throw new AssertionError("read at " + position);
                }
                int count = (int) Math.min(target.remaining(), bytes.length - position);
                target.put(bytes, (int) position, count);
                return count;
            }
        };
    }
}
