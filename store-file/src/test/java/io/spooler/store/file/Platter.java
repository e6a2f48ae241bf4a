package io.spooler.store.file;

import io.spooler.store.file.MemoryDisk.Created;
import io.spooler.store.file.MemoryDisk.Deleted;
import io.spooler.store.file.MemoryDisk.DirectoryForced;
import io.spooler.store.file.MemoryDisk.Forced;
import io.spooler.store.file.MemoryDisk.Moved;
import io.spooler.store.file.MemoryDisk.Operation;
import io.spooler.store.file.MemoryDisk.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is certainly on the disk, and what may be: follows the operations one by one. Octets are certain once their file
 * was forced, names once their directory was; until then any set of blocks and any set of names may have made it. One
 * thread.
 */
final class Platter {

    static final int BLOCK = 512;

    /** What stands where a file grew, and its octets did not make it. */
    enum Tail {
        TRUNCATED,
        ZEROED
    }

    /** A block that may or may not have been written. */
    record Block(int file, int index) {}

    private static final class Content {
        private byte[] certain = {};
        private byte[] latest = {};
        private final TreeSet<Integer> open = new TreeSet<>();
    }

    private final Map<Path, Integer> names = new TreeMap<>();
    private final Map<Integer, Content> contents = new HashMap<>();
    private final List<Operation> openNames = new ArrayList<>();

    /** One more operation has happened. */
    void apply(Operation operation) {
        if (operation instanceof Created created) {
            contents.put(created.file(), new Content());
            openNames.add(operation);
        } else if (operation instanceof Written written) {
            write(contents.get(written.file()), written);
        } else if (operation instanceof Forced forced) {
            Content content = contents.get(forced.file());
            content.certain = content.latest.clone();
            content.open.clear();
        } else if (operation instanceof DirectoryForced forced) {
            openNames.removeIf(open -> {
                boolean here = directory(open).equals(forced.directory());
                if (here) {
                    rename(names, open);
                }
                return here;
            });
        } else {
            openNames.add(operation);
        }
    }

    private static void write(Content content, Written written) {
        int end = written.position() + written.octets().capacity();
        // Never in place: images share these octets.
        byte[] latest = Arrays.copyOf(content.latest, Math.max(end, content.latest.length));
        written.octets().get(0, latest, written.position(), written.octets().capacity());
        content.latest = latest;
        for (int block = written.position() / BLOCK; block * BLOCK < end; block++) {
            content.open.add(block);
        }
    }

    private static Path directory(Operation operation) {
        Path path = operation instanceof Created created
                ? created.path()
                : operation instanceof Deleted deleted ? deleted.path() : ((Moved) operation).to();
        return path.getParent();
    }

    private static void rename(Map<Path, Integer> names, Operation operation) {
        if (operation instanceof Created created) {
            names.put(created.path(), created.file());
        } else if (operation instanceof Deleted deleted) {
            names.remove(deleted.path());
        } else if (operation instanceof Moved moved) {
            Integer file = names.remove(moved.from());
            if (file != null) {
                names.put(moved.to(), file);
            }
        }
    }

    /** Blocks of which nobody knows; zeros behind the end of a file are no blocks but a {@link Tail}. */
    List<Block> openBlocks() {
        List<Block> blocks = new ArrayList<>();
        new TreeMap<>(contents)
                .forEach((file, content) -> content.open.stream()
                        .filter(i -> !Arrays.equals(block(content.latest, i), block(content.certain, i)))
                        .forEach(i -> blocks.add(new Block(file, i))));
        return blocks;
    }

    private static byte[] block(byte[] octets, int index) {
        int from = Math.min(octets.length, index * BLOCK);
        return Arrays.copyOf(Arrays.copyOfRange(octets, from, Math.min(octets.length, from + BLOCK)), BLOCK);
    }

    /** How many changes of names nobody knows of. */
    int openNames() {
        return openNames.size();
    }

    /** A disk as it may be found, by name. */
    Map<Path, byte[]> image(List<Block> open, BitSet written, BitSet named, Tail tail) {
        Map<Path, Integer> present = new TreeMap<>(names);
        named.stream().forEach(i -> rename(present, openNames.get(i)));
        Map<Integer, List<Integer>> blocks = new HashMap<>();
        written.stream()
                .mapToObj(open::get)
                .forEach(block -> blocks.computeIfAbsent(block.file(), f -> new ArrayList<>())
                        .add(block.index()));
        Map<Path, byte[]> image = new TreeMap<>();
        present.forEach((path, file) ->
                image.put(path, octets(contents.get(file), blocks.getOrDefault(file, List.of()), tail)));
        return image;
    }

    private static byte[] octets(Content content, List<Integer> written, Tail tail) {
        int last = written.isEmpty() ? 0 : (written.get(written.size() - 1) + 1) * BLOCK;
        int size = tail == Tail.ZEROED
                ? content.latest.length
                : Math.max(content.certain.length, Math.min(last, content.latest.length));
        if (written.isEmpty() && size == content.certain.length) {
            return content.certain;
        }
        byte[] octets = Arrays.copyOf(content.certain, size);
        for (int index : written) {
            int from = index * BLOCK;
            System.arraycopy(content.latest, from, octets, from, Math.min(BLOCK, content.latest.length - from));
        }
        return octets;
    }
}
