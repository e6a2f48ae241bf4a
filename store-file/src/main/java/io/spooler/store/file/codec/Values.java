package io.spooler.store.file.codec;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SentCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of the API as octets. Enums are written as numbers of their own: their order in the API may change, these
 * numbers never.
 */
public final class Values {

    private static final List<Recipient.Notify> NOTIFY =
            List.of(Recipient.Notify.NEVER, Recipient.Notify.SUCCESS, Recipient.Notify.FAILURE, Recipient.Notify.DELAY);
    private static final List<Envelope.Priority> PRIORITY =
            List.of(Envelope.Priority.NORMAL, Envelope.Priority.URGENT, Envelope.Priority.NON_URGENT);
    private static final int UTF8 = 1;
    private static final int PRIORITY_BITS = 6;
    private static final int SENT = 8;
    private static final int REPORT_TO = 16;

    private static final int ALTERNATIVES = 16;

    private Values() {}

    private static void putAddress(Encoder out, @Nullable Address address) {
        out.textOrNull(address == null ? null : address.type());
        if (address != null) {
            out.text(address.value());
        }
    }

    private static @Nullable Address getAddress(Decoder in) {
        String type = in.textOrNull();
        return type == null ? null : new Address(type, in.text());
    }

    /** A reverse path. */
    public static void putSender(Encoder out, @Nullable Address sender) {
        putAddress(out, sender);
    }

    /** A reverse path. */
    public static @Nullable Address getSender(Decoder in) {
        return getAddress(in);
    }

    /** A recipient. */
    public static void putRecipient(Encoder out, Recipient recipient) {
        int wishes = 0;
        for (Recipient.Notify notify : recipient.notifyOn()) {
            wishes |= 1 << NOTIFY.indexOf(notify);
        }
        List<Recipient.Alternative> alternatives = recipient.alternatives();
        putAddress(out, recipient.address());
        out.octet(wishes | (alternatives.isEmpty() ? 0 : ALTERNATIVES));
        out.textOrNull(recipient.original()).textOrNull(recipient.transport());
        if (!alternatives.isEmpty()) {
            out.number(alternatives.size());
            alternatives.forEach(alternative -> putAlternative(out, alternative));
        }
    }

    private static void putAlternative(Encoder out, Recipient.Alternative alternative) {
        Duration after = alternative.after();
        putAddress(out, alternative.address());
        out.number(after == null ? 0 : Math.max(1, after.toMillis()));
    }

    /** A recipient. */
    public static Recipient getRecipient(Decoder in) {
        Address address = getAddress(in);
        if (address == null) {
            throw new IllegalArgumentException("a recipient without an address");
        }
        int flags = in.octet();
        int wishes = flags & ~ALTERNATIVES;
        return new Recipient(
                address,
                wishes == 0 ? Set.of() : wishes(wishes),
                in.textOrNull(),
                in.textOrNull(),
                (flags & ALTERNATIVES) == 0 ? List.of() : getAlternatives(in));
    }

    private static List<Recipient.Alternative> getAlternatives(Decoder in) {
        int count = in.count();
        List<Recipient.Alternative> result = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Address address = getAddress(in);
            if (address == null) {
                throw new IllegalArgumentException("an alternative without an address");
            }
            long after = in.number();
            result.add(new Recipient.Alternative(address, after == 0 ? null : Duration.ofMillis(after)));
        }
        return result;
    }

    private static Set<Recipient.Notify> wishes(int bits) {
        Set<Recipient.Notify> result = EnumSet.noneOf(Recipient.Notify.class);
        for (int i = 0; i < NOTIFY.size(); i++) {
            if ((bits & 1 << i) != 0) {
                result.add(NOTIFY.get(i));
            }
        }
        return result;
    }

    /** Several recipients. */
    public static void putRecipients(Encoder out, List<Recipient> recipients) {
        out.number(recipients.size());
        for (Recipient recipient : recipients) {
            putRecipient(out, recipient);
        }
    }

    /** Several recipients. */
    public static List<Recipient> getRecipients(Decoder in) {
        int count = in.count();
        List<Recipient> result = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            result.add(getRecipient(in));
        }
        return result;
    }

    /** An envelope. */
    public static void putEnvelope(Encoder out, Envelope envelope) {
        Envelope.Options options = envelope.options();
        putAddress(out, envelope.sender());
        putRecipients(out, envelope.recipients());
        int ret = options.ret() == null ? 0 : options.ret() == Envelope.Return.FULL ? 1 : 2;
        out.timeOrNull(options.notBefore()).timeOrNull(options.expires());
        out.textOrNull(options.idempotencyKey()).octet(ret).textOrNull(options.envid());
        putWishes(out, options);
    }

    /** One octet says which values follow; those of before this was so have no more than the octet. */
    private static void putWishes(Encoder out, Envelope.Options options) {
        SentCopy sent = options.sent();
        Address reportTo = options.reportTo();
        out.octet((options.smtpUtf8() ? UTF8 : 0)
                | PRIORITY.indexOf(options.priority()) << 1
                | (sent != null ? SENT : 0)
                | (reportTo != null ? REPORT_TO : 0));
        if (sent != null) {
            out.text(sent.mailbox()).textOrNull(sent.folder()).octet(sent.delete() ? 1 : 0);
        }
        if (reportTo != null) {
            putAddress(out, reportTo);
        }
    }

    /** An envelope. */
    public static Envelope getEnvelope(Decoder in) {
        Address sender = getAddress(in);
        List<Recipient> recipients = getRecipients(in);
        return new Envelope(sender, recipients, getOptions(in));
    }

    private static Envelope.Options getOptions(Decoder in) {
        Instant notBefore = in.timeOrNull();
        Instant expires = in.timeOrNull();
        String key = in.textOrNull();
        Envelope.Return ret = getReturn(in.octet());
        String envid = in.textOrNull();
        int flags = in.octet();
        // Out of range for what wrote it is as usual for us.
        int number = (flags & PRIORITY_BITS) >> 1;
        Envelope.Priority priority = PRIORITY.get(number < PRIORITY.size() ? number : 0);
        boolean utf8 = (flags & UTF8) != 0;
        SentCopy sent = (flags & SENT) != 0 ? new SentCopy(in.text(), in.textOrNull(), in.octet() != 0) : null;
        Address reportTo = (flags & REPORT_TO) != 0 ? getAddress(in) : null;
        return new Envelope.Options(notBefore, expires, key, ret, envid, utf8, priority, sent, reportTo);
    }

    private static Envelope.@Nullable Return getReturn(int octet) {
        return octet == 0 ? null : octet == 1 ? Envelope.Return.FULL : Envelope.Return.HEADERS;
    }

    /** A ledger entry without its recipient. */
    public static void putStatus(Encoder out, RecipientStatus status) {
        out.octet(States.number(status.state())).number(status.attempts());
        out.timeOrNull(status.due()).time(status.changed()).textOrNull(status.transport());
        Reply reply = status.reply();
        out.textOrNull(reply == null ? null : reply.status());
        if (reply != null) {
            out.text(reply.text());
        }
    }

    /** A ledger entry of a recipient. */
    public static RecipientStatus getStatus(Decoder in, Recipient recipient) {
        RecipientState state = States.state(in.octet());
        return new RecipientStatus(
                recipient,
                state,
                (int) in.number(),
                in.timeOrNull(),
                in.time(),
                in.textOrNull(),
                getReply(in.textOrNull(), in));
    }

    private static @Nullable Reply getReply(@Nullable String status, Decoder in) {
        return status == null ? null : new Reply(status, in.text());
    }

    /** Several short texts. */
    public static void putTexts(Encoder out, java.util.Collection<String> texts) {
        out.number(texts.size());
        texts.forEach(out::text);
    }

    /** Several short texts. */
    public static List<String> getTexts(Decoder in) {
        int count = in.count();
        List<String> result = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            result.add(in.text());
        }
        return result;
    }
}
