package io.spooler.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPlaceTest {

    @TempDir
    private Path base;

    private Path directory;
    private SocketPlace place;

    @BeforeEach
    void set() {
        directory = base.resolve("data/control");
        place = new SocketPlace(base);
    }

    private String rights() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    }

    @Test
    void makesTheDirectoryForTheOwnerOnly() throws IOException {
        try (ServerSocketChannel channel = place.listen()) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(rights()).isEqualTo("rwx------");
            assertThat(directory.toFile().list()).containsExactly("socket");
        }
        place.remove();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void narrowsRightsThatAreTooWide() throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        place.listen().close();
        assertThat(rights()).isEqualTo("rwx------");
    }

    @Test
    void refusesALinkInPlaceOfTheDirectory() throws IOException {
        Files.createDirectories(directory.getParent());
        Files.createSymbolicLink(directory, Files.createDirectory(base.resolve("elsewhere")));
        assertThatThrownBy(place::listen).isInstanceOf(IOException.class).hasMessageContaining("is not a directory");
    }

    @Test
    void removesAStaleSocket() throws IOException {
        // Closing leaves the file, as a killed process does.
        place.listen().close();
        assertThat(place.socket()).exists();
        try (ServerSocketChannel channel = place.listen()) {
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void leavesAnotherInstanceAlone() throws IOException {
        try (ServerSocketChannel other = place.listen()) {
            assertThatThrownBy(place::listen)
                    .isInstanceOf(IOException.class)
                    .hasMessage("another instance answers on " + place.socket());
            assertThat(other.isOpen()).isTrue();
            assertThat(place.socket()).exists();
        }
    }

    @Test
    void saysThatAPathIsTooLong() {
        SocketPlace deep = new SocketPlace(base.resolve("x".repeat(120)));
        assertThatThrownBy(deep::listen)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on " + deep.socket())
                .hasMessageContaining("too long");
    }

    @Test
    void takesTheShorterFormOfAPath() {
        assertThat(SocketPlace.shortest(Path.of("data/control/socket").toAbsolutePath()))
                .isEqualTo(Path.of("data/control/socket"));
        assertThat(SocketPlace.shortest(Path.of("/x"))).isEqualTo(Path.of("/x"));
    }
}
