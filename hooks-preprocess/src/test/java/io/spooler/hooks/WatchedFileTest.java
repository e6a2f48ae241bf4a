package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a file of aliases. */
class WatchedFileTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private Path path;
    private int versions;

    @BeforeEach
    void place(@TempDir Path directory) {
        path = directory.resolve("aliases");
    }

    private void write(String text) throws IOException {
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH.plusSeconds(++versions)));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private WatchedFile<AliasTable> file() {
        return new WatchedFile<>(path, nanos::get, AliasParser::parse, AliasTable.EMPTY);
    }

    @Test
    void readsAChangedFileAfterASecond() throws IOException {
        write("a: LOCAL:x");
        WatchedFile<AliasTable> file = file();
        assertThat(file.value().targets()).containsOnlyKeys("a");
        write("b: LOCAL:x");
        pass(Duration.ofMillis(999));
        assertThat(file.value().targets()).as("not looked at yet").containsOnlyKeys("a");
        pass(Duration.ofMillis(1));
        assertThat(file.value().targets()).containsOnlyKeys("b");
    }

    @Test
    void takesAMissingFileAsNoAliases() throws IOException {
        WatchedFile<AliasTable> file = file();
        assertThat(file.value().targets()).isEmpty();
        write("a: LOCAL:x");
        pass(Duration.ofSeconds(1));
        assertThat(file.value().targets()).containsOnlyKeys("a");
        Files.delete(path);
        pass(Duration.ofSeconds(1));
        assertThat(file.value().targets()).isEmpty();
    }

    @Test
    void keepsTheFormerAliasesWhileTheFileIsWrong() throws IOException {
        write("a: LOCAL:x");
        WatchedFile<AliasTable> file = file();
        write("a LOCAL:x");
        pass(Duration.ofSeconds(1));
        assertThat(file.value().targets()).containsOnlyKeys("a");
        write("c: LOCAL:x");
        pass(Duration.ofSeconds(1));
        assertThat(file.value().targets()).containsOnlyKeys("c");
    }

    @Test
    void holdsMailBackWhileThereIsNothingToKeep() throws IOException {
        write("fine: LOCAL:x\nwrong");
        WatchedFile<AliasTable> file = file();
        assertThatThrownBy(file::value).isInstanceOf(IOException.class).hasMessageContaining(path + ": line 2: ");
        Files.delete(path);
        pass(Duration.ofSeconds(1));
        assertThat(file.value().targets()).isEmpty();
    }

    @Test
    void refusesWhatIsNotText() throws IOException {
        Files.write(path, new byte[] {'a', ':', (byte) 0xFF, (byte) 0xFE});
        assertThatThrownBy(file()::value).isInstanceOf(IOException.class).hasMessage(path + ": is not text in UTF-8");
    }
}
