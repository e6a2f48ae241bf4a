package io.spooler.smtp.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users from a file. The keys of {@code pencil} were made by the line of LISTENER.md, with the salt of RFC 7677. */
class FileUsersTest {

    private static final String PENCIL = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
            + "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    @TempDir
    Path directory;

    private Path file;
    private FileUsers users;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("users"), "# who\n\nuser:" + PENCIL + "\nann@b.example:" + PENCIL);
        users = new FileUsers(file);
    }

    @Test
    void aPasswordFitsOrNot() throws Exception {
        assertThat(users.verify("user", "pencil")).isTrue();
        assertThat(users.verify("ann@b.example", "pencil")).isTrue();
        assertThat(users.verify("user", "Pencil")).isFalse();
        assertThat(users.verify("user", "")).isFalse();
        assertThat(users.verify("nobody", "pencil")).isFalse();
        assertThat(users.verify("# who", "pencil")).isFalse();
    }

    @Test
    void keysAreFound() throws Exception {
        assertThat(users.scram("user")).get().satisfies(keys -> {
            assertThat(keys.iterations()).isEqualTo(4096);
            assertThat(keys.toString()).doesNotContain(keys.serverKey());
        });
        assertThat(users.scram("nobody")).isEmpty();
    }

    @Test
    void aChangeIsSeen() throws Exception {
        assertThat(users.verify("user", "pencil")).isTrue();
        Files.writeString(file, "other:" + PENCIL + "\n");
        assertThat(users.verify("user", "pencil")).isFalse();
        assertThat(users.verify("other", "pencil")).isTrue();
        Files.delete(file);
        assertThatThrownBy(() -> users.verify("other", "pencil")).isInstanceOf(IOException.class);
    }

    @Test
    void aWrongLineIsLeftOut() throws Exception {
        String weak = PENCIL.replace("4096", "1");
        String cut = PENCIL.replace("WG5d", "WG");
        Files.writeString(file, "a:x\nuser\nweak:" + weak + "\ncut:" + cut + "\nann:" + PENCIL + "\nann:" + PENCIL);
        assertThat(users.scram("a")).isEmpty();
        assertThat(users.scram("weak")).isEmpty();
        assertThat(users.scram("cut")).isEmpty();
        assertThat(users.verify("ann", "pencil")).isTrue();
    }

    @Test
    void theComponentKeepsItsFormerSettings() throws Exception {
        UsersComponent component = new UsersComponent(Map.of("file", file.toString()));
        component.modified(Map.of("file", "x", "fiel", "y"));
        assertThat(component.verify("user", "pencil")).isTrue();
        assertThat(component.scram("user")).isPresent();
        assertThatThrownBy(() -> new UsersComponent(Map.of("fiel", "y")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("fiel is unknown");
    }
}
