package io.spooler.pickup;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.stream.ParserCursor;
import org.apache.james.mime4j.util.ByteSequence;
import org.apache.james.mime4j.util.ContentUtil;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message in a file: tells the envelope, and what of it travels.
 *
 * <p>Sender: {@code X-Sender}, else {@code Sender}, else the first of {@code From}. Recipients: all {@code X-Receiver}
 * fields, each one address of any type; if there are none, everybody in {@code To}, {@code Cc} and {@code Bcc} (RFC 5322
 * section 3.6.3). {@code Bcc}, {@code X-Sender} and {@code X-Receiver} do not travel.
 */
final class Header {

    /** No longer header is taken. */
    static final int LIMIT = 100 * 1024;

    private static final Set<String> STAYS = Set.of("bcc", "x-sender", "x-receiver");
    private static final String NULL_PATH = "<>";

    /** A field: its name in lower case, its unfolded body, and its lines as they travel, a character for each octet. */
    private record Field(String name, String body, String lines) {}

    private final List<Field> fields;

    private Header(List<Field> fields) {
        this.fields = fields;
    }

    /**
     * Reads up to the empty line, which is read as well.
     *
     * @param in the message, with CRLF line ends; blocks
     * @return the header
     * @throws Unfit if it is no header, or too long
     * @throws IOException if it cannot be read
     */
    static Header read(InputStream in) throws IOException, Unfit {
        List<Field> fields = new ArrayList<>();
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        int total = 0;
        while (true) {
            byte[] line = line(in, LIMIT - total);
            total += line.length;
            boolean more = line.length > 0 && (line[0] == ' ' || line[0] == '\t');
            if (!more && field.size() > 0) {
                fields.add(field(field.toByteArray()));
                field.reset();
            }
            if (isEnd(line)) {
                return new Header(fields);
            }
            field.writeBytes(line);
        }
    }

    /** The empty line, or the end of the file. */
    private static boolean isEnd(byte[] line) {
        return line.length == 0 || line[0] == '\r';
    }

    private static byte[] line(InputStream in, int most) throws IOException, Unfit {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (line.size() > most) {
                throw new Unfit("its header is longer than " + LIMIT + " octets");
            }
            if (c == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    private static Field field(byte[] lines) throws Unfit {
        String text = new String(lines, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new Unfit("it does not begin with a header: put an empty line between header and text");
        }
        String body = text.substring(colon + 1).replaceAll("\r\n(?=[ \t])", "").strip();
        return new Field(name.toLowerCase(Locale.ROOT), body, new String(lines, StandardCharsets.ISO_8859_1));
    }

    /**
     * The header as it travels.
     *
     * @return whole lines and the empty one
     */
    byte[] travels() {
        String lines = fields.stream()
                .filter(field -> !STAYS.contains(field.name))
                .map(Field::lines)
                .collect(Collectors.joining());
        return (lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Who it goes to.
     *
     * @param key idempotency key
     * @return the envelope
     * @throws Unfit if it names nobody, or an address is none
     */
    Envelope envelope(String key) throws Unfit {
        Address sender = sender();
        List<Address> recipients = new ArrayList<>();
        for (String body : bodies("x-receiver")) {
            recipients.add(address("X-Receiver", body));
        }
        if (recipients.isEmpty()) {
            for (String name : List.of("to", "cc", "bcc")) {
                recipients.addAll(mailboxes(name));
            }
        }
        if (recipients.isEmpty()) {
            throw new Unfit("it names no recipient; add a field To, Cc, Bcc or X-Receiver");
        }
        boolean utf8 = isInternational(sender) || recipients.stream().anyMatch(Header::isInternational);
        Envelope.Options options = new Envelope.Options(null, null, key, null, null, utf8);
        return new Envelope(sender, recipients.stream().map(Recipient::of).toList(), options);
    }

    private @Nullable Address sender() throws Unfit {
        for (String body : bodies("x-sender")) {
            return body.equals(NULL_PATH) ? null : address("X-Sender", body);
        }
        for (String name : List.of("sender", "from")) {
            for (Address mailbox : mailboxes(name)) {
                return mailbox;
            }
        }
        throw new Unfit("it names no sender; add a field From or X-Sender");
    }

    private List<String> bodies(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name))
                .map(Field::body)
                .toList();
    }

    private static Address address(String field, String body) throws Unfit {
        try {
            return Address.parse(
                    body.startsWith("<") && body.endsWith(">") ? body.substring(1, body.length() - 1) : body);
        } catch (IllegalArgumentException e) {
            throw new Unfit(field + ": " + e.getMessage());
        }
    }

    private List<Address> mailboxes(String name) throws Unfit {
        List<Address> addresses = new ArrayList<>();
        for (String body : bodies(name)) {
            for (Mailbox mailbox : parsed(body)) {
                if (mailbox.getDomain() == null) {
                    throw new Unfit(name + " holds an address without a domain; use X-Receiver for other addresses");
                }
                addresses.add(address(name, mailbox.getAddress()));
            }
        }
        return addresses;
    }

    /** From octets: the parser counts characters where it reads octets, if it is given a text. */
    private static List<Mailbox> parsed(String body) {
        ByteSequence octets = ContentUtil.encode(StandardCharsets.UTF_8, body);
        return LenientAddressParser.DEFAULT
                .parseAddressList(octets, new ParserCursor(0, octets.length()))
                .flatten();
    }

    private static boolean isInternational(@Nullable Address address) {
        return address != null && address.value().chars().anyMatch(c -> c > 127);
    }
}
