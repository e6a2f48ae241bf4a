package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListsTest {

    @TempDir
    private Path directory;

    @Test
    void knowsTheListsOfItsFile() throws Exception {
        Path file = directory.resolve("lists");
        Files.writeString(file, "Team: ann@example.org, LOCAL:bob,\n  LIST:others\n");
        Lists lists = new Lists(Map.of("file", file.toString()));
        assertThat(lists.members("tEAM").orElseThrow())
                .containsExactly(
                        Address.smtp("ann@example.org"), Address.parse("LOCAL:bob"), Address.parse("LIST:others"));
        assertThat(lists.members("others")).isEmpty();
        assertThat(new Lists(Map.of("file", directory.resolve("none").toString())).members("team"))
                .isEmpty();
    }

    @Test
    void saysSoWhenItCannotKnow() throws Exception {
        Path file = directory.resolve("lists");
        Files.writeString(file, "team ann@example.org\n");
        assertThatThrownBy(() -> new Lists(Map.of("file", file.toString())).members("team"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> new Lists(Map.of("fill", "x")).members("team"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fill");
        Lists lists = new Lists(Map.of("file", directory.resolve("none").toString()));
        lists.modified(Map.of("fill", "x"));
        assertThat(lists.members("team")).as("the former settings stay").isEmpty();
    }
}
