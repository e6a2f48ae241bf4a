package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.transport.TransportStatus.Condition;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mail server that is none of ours, by both protocols. */
class MailServersTest {

    private static final String LOCALHOST = "127.0.0.1";

    private final GreenMail server = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, LOCALHOST, ServerSetup.PROTOCOL_IMAP),
        new ServerSetup(0, LOCALHOST, ServerSetup.PROTOCOL_POP3)
    });
    private final StoreInlet inlet = new StoreInlet();
    private final Bell bell = new Bell();
    private GreenMailUser ann;
    private Fetcher fetcher;

    @BeforeEach
    void start() {
        server.start();
        ann = server.setUser("ann@example.org", "ann", "secret-of-ann");
    }

    @AfterEach
    void end() {
        fetcher.close();
        server.stop();
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            String text = "Text\r\n.\r\n..dots\r\n" + "xxx\r\n".repeat(i * 20) + "end of " + i;
            ann.deliver(GreenMailUtil.createTextEmail(
                    "ann@example.org",
                    "bob@example.org",
                    "number " + i,
                    text,
                    server.getImap().getServerSetup()));
        }
    }

    private Bell.Rest begin(String protocol, String after) throws Exception {
        return begin(protocol, "after", after);
    }

    private Bell.Rest begin(String protocol, String key, String value) throws Exception {
        int port = protocol.equals("imap")
                ? server.getImap().getPort()
                : server.getPop3().getPort();
        if (fetcher != null) {
            fetcher.close();
        }
        fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), inlet::mailboxes);
        fetcher.apply(Accounts.of(port, "protocol", protocol, key, value));
        fetcher.openInbound(inlet);
        return bell.next();
    }

    private List<String> ends() throws IOException {
        return inlet.texts().stream()
                .map(text -> text.replaceAll("(?s).*\\.\r\n\\.\\.dots\r\n[x\r\n]*end of (\\d+)\\s*", "$1"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void messages_come_once_and_stay(String protocol) throws Exception {
        deliver(10);
        Bell.Rest rest = begin(protocol, "leave");
        assertThat(fetcher.status().condition()).as(fetcher.status().text()).isEqualTo(Condition.AVAILABLE);
        List<String> first = ends();
        assertThat(first).hasSize(10).startsWith("0", "1").endsWith("9");
        rest.task().run();
        bell.next();
        begin(protocol, "leave");
        assertThat(ends()).isEqualTo(first);
        assertThat(server.getReceivedMessages()).hasSize(10);
        deliver(1);
        fetcher.flushInbound().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(ends()).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void messages_are_deleted_when_they_are_safe(String protocol) throws Exception {
        deliver(10);
        inlet.committed = () -> {
            if (inlet.entries().size() == 4) {
                inlet.committed = () -> {};
                throw new IllegalStateException("the process ends here");
            }
        };
        begin(protocol, "delete");
        assertThat(ends()).hasSize(4);
        assertThat(server.getReceivedMessages()).hasSizeGreaterThanOrEqualTo(6);
        begin(protocol, "delete");
        assertThat(ends()).hasSize(10).doesNotHaveDuplicates();
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    /** R58. */
    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void headersComeFirstAndTheRestAsItIsOrdered(String protocol) throws Exception {
        deliver(4);
        begin(protocol, "mode", "headers");
        List<Mailboxes.Entry> headers = inlet.entries();
        assertThat(headers).hasSize(4);
        assertThat(inlet.texts()).allMatch(text -> text.contains("Subject: number ") && !text.contains("dots"));
        order(headers.get(0), Mailboxes.DOWNLOAD);
        order(headers.get(1), Mailboxes.DOWNLOAD, "\\Deleted");
        order(headers.get(2), "\\Deleted");
        fetcher.flushInbound().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(inlet.entries())
                .extracting(Mailboxes.Entry::id)
                .hasSize(3)
                .contains(headers.get(3).id());
        assertThat(ends().subList(1, 3)).containsExactly("0", "1");
        assertThat(server.getReceivedMessages())
                .extracting(MimeMessage::getSubject)
                .containsExactly("number 0", "number 3");
    }

    private void order(Mailboxes.Entry header, String... marks) throws SpoolException {
        Set<String> flags = new HashSet<>(header.flags());
        flags.addAll(List.of(marks));
        inlet.mailboxes().mark(header.id(), flags);
    }
}
