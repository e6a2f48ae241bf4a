package io.spooler.dkim;

import io.spooler.Content;
import io.spooler.ContentSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A message without some of its fields; all else as it was, but that lines of the header end with CRLF.
 *
 * @param content the message; read when it is written
 * @param header its header
 * @param removed tells which fields go
 */
record Rewriting(Content content, Header header, Predicate<Field> removed) implements ContentSource {

    private static final int BUFFER = 16 * 1024;

    @Override
    public void writeTo(OutputStream target) throws IOException {
        for (Field field : header.fields()) {
            if (!removed.test(field)) {
                target.write((field.text() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        target.write('\r');
        target.write('\n');
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long at = header.body();
        for (int count = content.read(at, buffer); count >= 0; count = content.read(at, buffer)) {
            target.write(buffer.array(), 0, count);
            at += count;
            buffer.clear();
        }
    }
}
