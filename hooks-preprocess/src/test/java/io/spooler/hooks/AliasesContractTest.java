package io.spooler.hooks;

import io.spooler.hook.PreProcessor;
import io.spooler.testkit.HookContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class AliasesContractTest implements HookContract {

    @TempDir
    private Path directory;

    private Aliases hook;

    @BeforeEach
    void open() throws IOException {
        Path file = Files.writeString(directory.resolve("aliases"), "ann: bob@example.org, user1@example.org");
        hook = new Aliases(Map.of("file", file.toString(), "domains", "example.org"));
    }

    @Override
    public PreProcessor hook() {
        return hook;
    }
}
