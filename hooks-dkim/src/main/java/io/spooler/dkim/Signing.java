package io.spooler.dkim;

import io.spooler.Content;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Makes signatures (RFC 6376 section 5), relaxed both ways. From is signed once more than it is there, so that none can be
 * added. Any thread; blocks for the disk.
 *
 * @param keys of all domains
 * @param fields names of those that are signed where they are there, in lower case
 */
record Signing(List<SigningKey> keys, List<String> fields) {

    /** RFC 6376 section 5.4.1. */
    static final List<String> FIELDS = List.of(
            "from",
            "sender",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "to",
            "cc",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-disposition",
            "in-reply-to",
            "references",
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive");

    /** What changes on the way: RFC 6376 section 5.4. */
    static final Set<String> NEVER =
            Set.of("received", "return-path", "delivered-to", "authentication-results", "dkim-signature", "bcc");

    /** A header with more of them is no letter. */
    private static final int MOST_FIELDS = 200;

    private static final int LINE = 72;

    /** Copies. */
    Signing {
        keys = List.copyOf(keys);
        fields = List.copyOf(fields);
    }

    /**
     * Signs with each key of the author's domain.
     *
     * @param content the message as it will be sent
     * @param header its header
     * @param time of the signatures
     * @return whole fields, each ended by CRLF; empty if there is no key for it, or it cannot be signed
     * @throws IOException if it cannot be read, or a key does not work
     */
    String sign(Content content, Header header, Instant time) throws IOException {
        String domain = FromDomain.of(header).orElse("");
        List<SigningKey> own =
                keys.stream().filter(key -> key.domain().equals(domain)).toList();
        List<String> names = names(header);
        if (own.isEmpty() || !header.isWellFormed() || names.size() > MOST_FIELDS) {
            return "";
        }
        byte[] bodyHash =
                new BodyHash(true, BodyHash.ALL).read(content, header.body()).end();
        StringBuilder lines = new StringBuilder();
        for (SigningKey key : own) {
            lines.append(sign(key, header, names, bodyHash, time)).append("\r\n");
        }
        return lines.toString();
    }

    private List<String> names(Header header) {
        List<String> names = new ArrayList<>();
        for (String name : fields) {
            names.addAll(Collections.nCopies(header.all(name).size(), name));
        }
        names.add("from");
        return names;
    }

    private static String sign(SigningKey key, Header header, List<String> names, byte[] bodyHash, Instant time)
            throws IOException {
        String text = "DKIM-Signature: v=1; a=" + key.algorithm().word() + "; c=relaxed/relaxed;\r\n\td=" + key.domain()
                + ";\r\n\ts=" + key.selector() + "; t=" + time.getEpochSecond() + ";\r\n\th=" + fold(names)
                + ";\r\n\tbh=" + Base64.getEncoder().encodeToString(bodyHash) + ";\r\n\tb=";
        byte[] signed = Canonical.header(header, names, Field.of(text), true);
        try {
            return text + fold(key.algorithm().sign(key.key(), signed));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key " + key + " does not sign: " + e.getMessage(), e);
        }
    }

    private static String fold(List<String> names) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String name : names) {
            if (column > 0) {
                out.append(':');
            }
            if (column + name.length() > LINE) {
                out.append("\r\n\t ");
                column = 0;
            }
            out.append(name);
            column += name.length() + 1;
        }
        return out.toString();
    }

    private static String fold(byte[] signature) {
        return Base64.getMimeEncoder(LINE, "\r\n\t ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .encodeToString(signature);
    }
}
