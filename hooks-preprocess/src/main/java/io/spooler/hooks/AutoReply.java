package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.Spooler;
import io.spooler.hook.IncomingMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.codec.EncoderUtil.Usage;

/**
 * Answers for somebody who is away (RFC 3834): once a day for each sender and mailbox, and never a message without sender,
 * from a list or a program, or one that does not name the mailbox in To or Cc. The day is part of the idempotency key of the
 * answer, so that a restart makes no second one while the store keeps what is finished for a day.
 */
final class AutoReply {

    private static final Set<String> PROGRAMS =
            Set.of("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "listserv");
    private static final Set<String> BULK = Set.of("bulk", "junk", "list");
    private static final Pattern ADDRESS = Pattern.compile("[!#-'*+.-9=?A-Z^-~-]{1,64}@[A-Za-z0-9.-]{1,255}");
    private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,250}>");
    private static final int MOST_SUBJECT = 120;
    private static final int MOST_KEY = 255;

    private AutoReply() {}

    /**
     * Answers, if it may.
     *
     * @param spooler takes the answer
     * @param message that came in
     * @param header of it
     * @param text of the answer
     * @param now the day counts
     * @throws SpoolException if it is not taken
     */
    static void send(Spooler spooler, IncomingMessage message, MailHeader header, String text, Instant now)
            throws SpoolException {
        Address sender = message.target().sender();
        Optional<String> own = own(header, message.target().mailbox());
        if (sender == null || own.isEmpty() || !isPerson(sender, own.get()) || isAutomatic(header)) {
            return;
        }
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        String key = "reply/" + day + "/" + message.target().mailbox().toLowerCase(Locale.ROOT) + "/" + sender.key();
        Envelope envelope = Envelope.of(null, List.of(sender));
        byte[] answer = compose(header, own.get(), sender, text).getBytes(StandardCharsets.UTF_8);
        spooler.submit(
                envelope.with(envelope.options().withIdempotencyKey(shortened(key))), target -> target.write(answer));
    }

    private static String shortened(String key) {
        return key.length() <= MOST_KEY ? key : key.substring(0, MOST_KEY - 8) + Integer.toHexString(key.hashCode());
    }

    /** The address by which the sender named the mailbox (RFC 3834 section 2). */
    private static Optional<String> own(MailHeader header, String mailbox) {
        return header.fields().stream()
                .filter(field -> field.name().equals("to") || field.name().equals("cc"))
                .flatMap(field -> ADDRESS.matcher(field.body()).results())
                .map(found -> found.group())
                .filter(address -> address.substring(0, address.indexOf('@')).equalsIgnoreCase(mailbox))
                .findFirst();
    }

    private static boolean isPerson(Address sender, String own) {
        if (!sender.type().equals(Address.SMTP) || sender.value().equalsIgnoreCase(own)) {
            return false;
        }
        String name = sender.localPart().toLowerCase(Locale.ROOT);
        return !PROGRAMS.contains(name)
                && !name.startsWith("owner-")
                && !name.startsWith("bounce")
                && !name.endsWith("-owner")
                && !name.endsWith("-request");
    }

    private static boolean isAutomatic(MailHeader header) {
        String submitted = header.first("Auto-Submitted").toLowerCase(Locale.ROOT);
        return !(submitted.isEmpty() || submitted.equals("no"))
                || BULK.contains(header.first("Precedence").toLowerCase(Locale.ROOT))
                || header.fields().stream().anyMatch(field -> field.name().startsWith("list-"));
    }

    private static String compose(MailHeader header, String own, Address sender, String text) {
        String about = Reply.clean(MailHeader.decoded(header.first("Subject")));
        String subject = "Auto: " + about.substring(0, Math.min(MOST_SUBJECT, about.length()));
        StringBuilder answer = new StringBuilder();
        answer.append("From: <").append(own).append(">\r\nTo: <").append(sender.value());
        answer.append(">\r\nSubject: ").append(EncoderUtil.encodeIfNecessary(subject, Usage.TEXT_TOKEN, 9));
        Matcher id = MESSAGE_ID.matcher(header.first("Message-ID"));
        if (id.find()) {
            answer.append("\r\nIn-Reply-To: ")
                    .append(id.group())
                    .append("\r\nReferences: ")
                    .append(id.group());
        }
        answer.append("\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0");
        answer.append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        return answer.append(text.replace("\n", "\r\n")).append("\r\n").toString();
    }
}
