package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.itests.bundle.HostileHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A postprocessor that is deployed while mail comes in, and throws, overflows its stack, hangs or deletes. */
@Timeout(120)
class HostileHookIT {

    private static final String IMPORTS = "io.spooler,io.spooler.hook,io.spooler.store,org.osgi.framework";

    @TempDir
    Path temp;

    @Test
    void whateverAHookDoesTheMessageIsSafeAndSaysWhy() throws IOException {
        Path jar = temp.resolve("hostile.jar");
        Jars.bundle(jar, "hostile", HostileHook.class, IMPORTS);
        try (Instance instance = Instance.in(temp.resolve("i"))) {
            instance.etc("io.spooler.core.cfg", "hook_timeout=2s").start();
            Path dropped = instance.base().resolve("deploy/hostile.jar");
            Files.copy(jar, dropped);
            instance.shUntil("spooler:hooks", text -> text.contains("hostile"));
            try (Smtp smtp = Smtp.to(instance.port())) {
                for (String subject : new String[] {"throws", "overflows", "hangs", "deletes", "well"}) {
                    smtp.queue(subject, "ann@spooler.local");
                }
            }
            assertQuarantined(instance, "throws", "hook hostile failed: java.lang.IllegalStateException");
            assertQuarantined(instance, "overflows", "hook hostile failed: java.lang.StackOverflowError");
            assertQuarantined(instance, "hangs", "hook hostile took longer than 2 s");
            instance.only("ann", "INBOX", "well");
            String removed = instance.log("the end of what is deleted", line -> line.contains("removed by"));
            assertThat(removed).contains("for ann removed by the postprocessor hostile");
            String id = removed.replaceAll(".*\\b([0-9A-Z]{26}) for ann.*", "$1");
            assertThat(instance.sh("spooler:fate " + id).ok()).contains("by the postprocessor hostile");

            Files.delete(dropped);
            instance.shUntil("spooler:hooks", text -> !text.contains("hostile"));
            try (Smtp smtp = Smtp.to(instance.port())) {
                smtp.queue("throws no more", "ann@spooler.local");
            }
            instance.only("ann", "INBOX", "throws no more");
            instance.shUntil("spooler:queue --count", count -> count.strip().equals("0"));
            assertThat(instance.sh("spooler:inbox --count ann").ok().strip()).isEqualTo("2");
            assertThat(instance.sh("spooler:inbox --count --folder Quarantine ann")
                            .ok()
                            .strip())
                    .as("the late answer of the one that hung counts for nothing")
                    .isEqualTo("3");
        }
    }

    private static void assertQuarantined(Instance instance, String subject, String reason) throws IOException {
        assertThat(instance.only("ann", "Quarantine", subject).get("flags").toString())
                .contains("reason: " + reason);
    }
}
