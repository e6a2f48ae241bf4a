package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transport's bundle is uninstalled under flow and put back, with the framework's own commands. */
@Timeout(180)
class HotSwapIT {

    private static final int MESSAGES = 200;
    private static final Pattern INSTALLED = Pattern.compile("Bundle ID: (\\d+)");

    @TempDir
    Path temp;

    @Test
    void losesNothingWhileTheTransportIsAway() throws IOException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        AtomicInteger taken = new AtomicInteger();
        try (SmtpPeer peer = SmtpPeer.start();
                Instance instance =
                        Instance.in(temp.resolve("i")).smartHost(peer.port()).start()) {
            // A third goes through, then the next hop becomes slow: the bundle leaves in the middle of the work.
            peer.on(
                    ".",
                    line -> taken.incrementAndGet() <= MESSAGES / 3
                            ? Action.reply("250 2.0.0 ok")
                            : Action.after(gate, Action.drop()));
            List<String> ids = new ArrayList<>();
            try (Smtp smtp = Smtp.to(instance.port())) {
                for (int i = 0; i < MESSAGES; i++) {
                    ids.add(smtp.queue("swap " + i + ".", "ann@example.org"));
                }
            }
            peer.awaitMails(MESSAGES / 3);
            instance.sh("uninstall " + bundle(instance)).ok();
            gate.complete(null);

            String last = ids.get(ids.size() - 1);
            instance.showUntil(last, "WAITING");
            assertThat(instance.sh("spooler:why " + last).ok()).contains("SMTP");
            int before = peer.mails().size();

            peer.always(".", Action.reply("250 2.0.0 ok"));
            String jar =
                    Program.HOME.resolve("bundle/transport-smtp.jar").toUri().toString();
            Matcher installed = INSTALLED.matcher(instance.sh("install " + jar).ok());
            assertThat(installed.find()).isTrue();
            instance.sh("start " + installed.group(1)).ok();
            long returned = System.nanoTime();
            peer.awaitMails(before + 1);
            assertThat(Duration.ofNanos(System.nanoTime() - returned)).isLessThan(Duration.ofSeconds(1));

            instance.shUntil("spooler:queue --count", n -> n.strip().equals("0"));
            assertThat(subjects(peer.mails()).keySet()).hasSize(MESSAGES);
        }
    }

    private static String bundle(Instance instance) throws IOException {
        return instance.sh("lb -s")
                .ok()
                .lines()
                .filter(line -> line.contains("io.spooler.transport.smtp"))
                .map(line -> line.substring(0, line.indexOf('|')).strip())
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Integer> subjects(List<Mail> mails) {
        Map<String, Integer> subjects = new HashMap<>();
        mails.forEach(mail -> mail.text()
                .lines()
                .filter(line -> line.startsWith("Subject: "))
                .forEach(line -> subjects.merge(line, 1, Integer::sum)));
        return subjects;
    }
}
