package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A script sends mail with a rename. */
@Timeout(120)
class PickupIT {

    @Test
    void aFileBecomesAMessage(@TempDir Path temp) throws IOException {
        try (Instance instance = Instance.in(temp.resolve("pickup"))) {
            Path directory = Files.createDirectories(instance.base().resolve("data/pickup"));
            instance.etc("io.spooler.pickup.cfg", "interval=100ms").start();
            Path part = Files.writeString(directory.resolve("1.tmp"), """
                    From: ann@spooler.local
                    To: bob@spooler.local
                    Subject: by a script

                    text
                    """);
            Files.move(part, directory.resolve("1.eml"));
            instance.shUntil("spooler:inbox bob", text -> text.contains("by a script"));
            instance.shUntil("spooler:status", text -> text.contains("pickup"));
        }
    }
}
