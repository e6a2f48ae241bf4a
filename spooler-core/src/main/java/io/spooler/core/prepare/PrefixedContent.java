package io.spooler.core.prepare;

import io.spooler.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Header lines in front of a content. */
final class PrefixedContent implements Content {

    private final byte[] prefix;
    private final Content rest;

    PrefixedContent(String prefix, Content rest) {
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.rest = rest;
    }

    @Override
    public long size() {
        return prefix.length + rest.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        if (position >= prefix.length) {
            return rest.read(position - prefix.length, target);
        }
        int count = Math.min(target.remaining(), prefix.length - (int) position);
        target.put(prefix, (int) position, count);
        return count;
    }
}
