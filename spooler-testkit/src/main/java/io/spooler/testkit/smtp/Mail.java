package io.spooler.testkit.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message that the peer received, up to and with the final dot, whatever it answered then.
 *
 * @param from the MAIL command
 * @param to the RCPT commands that were accepted
 * @param wire the octets between the reply 354 and the final dot, or those of all chunks, as they came
 * @param chunked whether they came by BDAT
 */
@SuppressWarnings("ArrayRecordComponent") // Mails are never compared.
public record Mail(String from, List<String> to, byte[] wire, boolean chunked) {

    /** Copies the list. */
    public Mail {
        to = List.copyOf(to);
    }

    /**
     * The content.
     *
     * @return without the dots that transparency added (RFC 5321 section 4.5.2)
     */
    public byte[] content() {
        if (chunked) {
            return wire.clone();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(wire.length);
        for (int i = 0; i < wire.length; i++) {
            boolean lineStart = i == 0 || (i > 1 && wire[i - 1] == '\n' && wire[i - 2] == '\r');
            if (wire[i] != '.' || !lineStart) {
                out.write(wire[i]);
            }
        }
        return out.toByteArray();
    }

    /**
     * The content as text.
     *
     * @return decoded as UTF-8
     */
    public String text() {
        return new String(content(), StandardCharsets.UTF_8);
    }
}
