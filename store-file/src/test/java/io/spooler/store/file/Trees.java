package io.spooler.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Copies of store directories. */
final class Trees {

    private Trees() {}

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        }
    }

    /** Takes the checkpoint away: the next start reads the whole journal, as after a kill. */
    static void forget(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve("checkpoint"));
    }

    /** The segments of a journal, without its reserve. */
    static List<Path> segments(Path directory) throws IOException {
        return list(directory.resolve("journal")).stream()
                .filter(path -> path.toString().endsWith(".log"))
                .toList();
    }

    /** The only segment of a journal. */
    static Path segment(Path directory) throws IOException {
        List<Path> all = segments(directory);
        if (all.size() != 1) {
            throw new IllegalStateException("one segment expected: " + all);
        }
        return all.get(0);
    }

    /** A segment as another release would write it. */
    static byte[] withVersion(byte[] octets, int version) {
        for (int half = 0; half < 128; half += 64) {
            ByteBuffer header = ByteBuffer.wrap(octets, half, 64).slice();
            header.putInt(8, version);
            CRC32C crc = new CRC32C();
            crc.update(header.slice(0, 60));
            header.putInt(60, (int) crc.getValue());
        }
        return octets;
    }
}
