package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The few things that the store does with a file system; the seam at which tests let them fail. Any thread. */
public interface Disk {

    /**
     * Makes a new file.
     *
     * @param path must not exist
     * @return open for writing and reading; it is durable only once it and its directory were forced
     * @throws IOException if it cannot be made
     */
    Handle create(Path path) throws IOException;

    /**
     * Opens a file for writing and reading.
     *
     * @param path must exist
     * @return open at what it holds already
     * @throws IOException if it cannot be opened
     */
    Handle reopen(Path path) throws IOException;

    /**
     * Opens a file for reading.
     *
     * @param path must exist
     * @return survives the interruption of a reading thread
     * @throws IOException if it cannot be opened
     */
    Handle open(Path path) throws IOException;

    /**
     * Makes directory entries durable: a new name is lost on ext4 and xfs without it.
     *
     * @param directory the directory itself
     * @throws IOException if it cannot be forced
     */
    void forceDirectory(Path directory) throws IOException;

    /**
     * Makes a directory and its parents.
     *
     * @param directory may exist
     * @throws IOException if it cannot be made
     */
    void createDirectories(Path directory) throws IOException;

    /**
     * Removes a file.
     *
     * @param path need not exist
     * @throws IOException if it cannot be removed
     */
    void delete(Path path) throws IOException;

    /**
     * Renames a file within the file system.
     *
     * @param from must exist
     * @param to is replaced
     * @throws IOException if it cannot be renamed
     */
    void move(Path from, Path to) throws IOException;

    /**
     * The files of a directory.
     *
     * @param directory must exist
     * @return in order of name
     * @throws IOException if it cannot be read
     */
    List<Path> list(Path directory) throws IOException;

    /**
     * Free space.
     *
     * @param directory where
     * @return octets that this process may still write
     * @throws IOException if it is not known
     */
    long usable(Path directory) throws IOException;

    /**
     * The size of the whole file system, free or not.
     *
     * @param directory where
     * @return octets
     * @throws IOException if it is not known
     */
    long capacity(Path directory) throws IOException;

    /** An open file; all access is positional. */
    interface Handle extends AutoCloseable {

        /**
         * Reads.
         *
         * @param target receives octets
         * @param position of the first
         * @return how many, or -1 at the end
         * @throws IOException if it cannot be read
         */
        int read(ByteBuffer target, long position) throws IOException;

        /**
         * Writes, perhaps not everything.
         *
         * @param source octets
         * @param position of the first
         * @return how many were taken
         * @throws IOException if it cannot be written
         */
        int write(ByteBuffer source, long position) throws IOException;

        /**
         * Makes the octets durable. After a failure the file must not be forced again: Linux reports an error once and
         * drops the pages.
         *
         * @throws IOException if they are not durable
         */
        void force() throws IOException;

        /**
         * Cuts the file.
         *
         * @param size octets that stay
         * @throws IOException if it cannot be cut
         */
        void truncate(long size) throws IOException;

        /**
         * The length.
         *
         * @return octets
         * @throws IOException if it is not known
         */
        long size() throws IOException;

        @Override
        void close() throws IOException;

        /**
         * Writes everything: a short write is no error.
         *
         * @param source octets
         * @param position of the first
         * @throws IOException if they cannot be written
         */
        default void writeFully(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                int count = write(source, at);
                if (count <= 0) {
                    throw new IOException("the disk takes nothing more");
                }
                at += count;
            }
        }

        /**
         * Reads until the buffer is full or the file ends.
         *
         * @param target receives octets
         * @param position of the first
         * @return how many
         * @throws IOException if it cannot be read
         */
        default int readFully(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = read(target, position + total);
                if (count <= 0) {
                    break;
                }
                total += count;
            }
            return total;
        }
    }
}
