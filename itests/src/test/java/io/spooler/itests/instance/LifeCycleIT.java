package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** run, start, stop, status, sh: what a script builds on. */
@Timeout(120)
class LifeCycleIT {

    @TempDir
    Path temp;

    @Test
    void startsInTheBackgroundSaysHowItIsAndStops() throws IOException {
        Path base = temp.resolve("in the background");
        Instance.in(base);
        String[] where = {"--base", base.toString()};

        assertThat(Program.run("status", where[0], where[1]).status()).isEqualTo(3);
        assertThat(Program.run("start", where[0], where[1]).ok()).contains("is running in " + base);
        try {
            assertThat(Program.run("status", where[0], where[1]).ok())
                    .contains("is running in " + base, "loopback", "STORE");
            assertThat(Program.run("start", where[0], where[1]))
                    .matches(r -> r.status() == 1)
                    .matches(r -> r.output().contains("in use by another instance"));
            assertThat(Program.run("run", where[0], where[1]))
                    .matches(r -> r.status() == 1)
                    .matches(r -> r.output().contains("in use by another instance"));
        } finally {
            assertThat(Program.run("stop", where[0], where[1]).ok()).contains("has stopped");
        }
        assertThat(Program.run("status", where[0], where[1]).status()).isEqualTo(3);
        assertThat(Program.run("stop", where[0], where[1]).ok()).contains("is not running");
    }

    @Test
    void endsCleanlyOnSigterm() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            assertThat(instance.terminate()).isZero();
            assertThat(instance.base().resolve("data/spooler.pid")).isEmptyFile();
        }
    }

    @Test
    void startsAfterACrashAlthoughThePidFileIsStillThere() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            instance.crash();
            assertThat(instance.base().resolve("data/spooler.pid")).isNotEmptyFile();
            assertThat(Program.run("status", "--base", instance.base().toString())
                            .status())
                    .isEqualTo(3);
            instance.start();
        }
    }

    @Test
    void fillsAnEmptyBaseWithTheDefaults() throws IOException {
        Path base = temp.resolve("new");
        Program.run("start", "--base", base.toString()).ok();
        try {
            assertThat(base.resolve("etc"))
                    .isDirectoryContaining("glob:**/io.spooler.smtp.listener-default.cfg")
                    .isDirectoryContaining("glob:**/io.spooler.loopback.cfg");
            assertThat(base.resolve("deploy")).isEmptyDirectory();
            Program.run("sh", "--base", base.toString(), "spooler:send ann@spooler.local hello")
                    .ok();
        } finally {
            Program.run("stop", "--base", base.toString()).ok();
        }
    }

    @Test
    void runsFrameworkCommandsWithTheirExitStatus() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            assertThat(instance.sh("lb -s").ok()).contains("io.spooler.transport.smtp");
            assertThat(instance.sh("no:such").status()).isNotZero();
            assertThat(instance.sh("install file:/does/not/exist.jar").status()).isNotZero();
        }
        assertThat(Program.run("sh", "--base", temp.resolve("i").toString(), "lb")
                        .status())
                .isNotZero();
    }

    @Test
    void deploysWhatIsDroppedInAndRefusesADirectoryThatOthersMayWriteTo() throws IOException {
        Path jar = temp.resolve("drop.jar");
        Jars.bundle(jar, "drop");
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            Path dropped = instance.base().resolve("deploy/drop.jar");
            Files.copy(jar, dropped);
            instance.shUntil("lb -s", text -> text.contains("drop ("));
            Files.delete(dropped);
            instance.shUntil("lb -s", text -> !text.contains("drop ("));
            instance.terminate();

            Files.copy(jar, dropped);
            Files.setPosixFilePermissions(
                    instance.base().resolve("deploy"), PosixFilePermissions.fromString("rwxrwxr-x"));
            instance.start();
            instance.log("refusal of deploy/", line -> line.contains("deploy is not watched"));
            assertThat(instance.sh("lb -s").ok()).doesNotContain("drop (");
        }
    }

    @Test
    void saysWhichJavaItNeeds() throws IOException {
        Path old = temp.resolve("jdk");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.createFile(
                old.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Process process = Program.spooler(
                Map.of("JAVA_HOME", old.toString()),
                "run",
                "--base",
                temp.resolve("i").toString());
        assertThat(Program.end(process))
                .matches(r -> r.status() == 1)
                .matches(r -> r.output().contains("is Java 11; Java 17 or newer is needed"));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        assertThat(Program.run("frobnicate").status()).isEqualTo(2);
        assertThat(Program.run("status", "--base").status()).isEqualTo(1);
        assertThat(Program.run("help").ok()).contains("--base DIR");
    }
}
