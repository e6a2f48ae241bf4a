package io.spooler.shell.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the control socket is, and who gets there: nobody but the owner of the process, since the directory is 0700.
 * Needs nothing but the JDK.
 */
final class SocketPlace {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final Path socket;

    /**
     * A place; nothing is made yet.
     *
     * @param base directory of the instance; relative to the working directory
     */
    SocketPlace(Path base) {
        directory = base.resolve("data").resolve("control");
        socket = directory.resolve("socket");
    }

    /**
     * The same path, absolute or relative to the working directory: operating systems allow about 100 octets.
     *
     * @param path any path
     * @return the shorter form
     */
    static Path shortest(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path here = Path.of("").toAbsolutePath();
        if (!here.getFileSystem().equals(absolute.getFileSystem())
                || !here.getRoot().equals(absolute.getRoot())) {
            return absolute;
        }
        Path relative = here.relativize(absolute);
        return relative.toString().length() < absolute.toString().length() ? relative : absolute;
    }

    /**
     * The socket.
     *
     * @return its path
     */
    Path socket() {
        return socket;
    }

    /**
     * Makes the directory safe and listens.
     *
     * @return the listening channel, to be closed by the caller
     * @throws IOException if another process listens there, or the directory is not ours; says which
     */
    ServerSocketChannel listen() throws IOException {
        secure();
        removeStale();
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(shortest(socket)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("cannot listen on " + socket.toAbsolutePath() + ": " + e.getMessage(), e);
        }
    }

    private void secure() throws IOException {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(directory.toAbsolutePath() + " is not a directory; remove it");
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null) {
            // Fails if the directory is somebody else's, unless we are the superuser: hence the second look.
            view.setPermissions(OWNER_ONLY);
            checkOwner(view);
        }
    }

    /** Java does not tell who we are; the owner of a new file does. */
    private void checkOwner(PosixFileAttributeView view) throws IOException {
        Path probe = Files.createTempFile(directory, "owner", null);
        try {
            if (!Files.getOwner(probe).equals(view.readAttributes().owner())) {
                throw new IOException(directory.toAbsolutePath() + " belongs to "
                        + view.readAttributes().owner() + "; it must belong to " + Files.getOwner(probe));
            }
        } finally {
            Files.delete(probe);
        }
    }

    private void removeStale() throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(shortest(socket)));
        } catch (ConnectException e) {
            // Nobody answers: left behind by a process that was killed.
            Files.delete(socket);
            return;
        }
        throw new IOException("another instance answers on " + socket.toAbsolutePath());
    }

    /**
     * Removes the socket.
     *
     * @throws IOException if it cannot be removed
     */
    void remove() throws IOException {
        Files.deleteIfExists(socket);
    }
}
