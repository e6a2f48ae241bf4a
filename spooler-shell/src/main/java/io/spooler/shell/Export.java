package io.spooler.shell;

import io.spooler.Content;
import io.spooler.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a content into a new file that only its owner may read: under another name first, then renamed, so that there is
 * all of it or nothing. Blocks for the disk.
 */
final class Export {

    private Export() {}

    /**
     * Writes.
     *
     * @param content all of it
     * @param target must not exist; its directory must
     * @throws IOException if the content cannot be read, or the file cannot be written
     * @throws IllegalArgumentException if the file exists
     */
    static void write(Content content, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(Reply.clean(target.toString()) + " exists already; choose another name");
        }
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    Reply.clean(target.toString()) + " cannot be written: there is no such directory; make it first");
        }
        // Made for the owner alone, as temporary files are.
        Path draft = Files.createTempFile(directory, ".spooler-", ".part");
        try {
            copy(content, draft);
            Files.move(draft, target);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void copy(Content content, Path draft) throws IOException {
        try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE);
                InputStream in = content.open();
                OutputStream out = Channels.newOutputStream(file)) {
            in.transferTo(out);
            file.force(true);
        }
    }
}
