package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of hostile input and our answers, row by row; whole and one octet at a time. */
class HostileTest {

    private static final String MAIL = "MAIL FROM:<bob@example.org>";
    private static final String RCPT = "RCPT TO:<ann@spooler.local>";
    private static final String END = "\r\n.\r\n";

    private static Rig rig;

    /**
     * A row.
     *
     * @param name what it shows
     * @param before commands that go well before
     * @param input octets
     * @param replies how the replies to the input begin, in order
     * @param closes whether the server closes the connection behind them
     * @param accepted messages that the spooler has afterwards
     */
    record Row(String name, List<String> before, String input, List<String> replies, boolean closes, int accepted) {

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() {
        rig = new Rig("max_connections_per_client", "1000", "max_message_size", "300k");
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static Row command(String name, String input, String reply) {
        return new Row(name, List.of("EHLO a"), input + "\r\n", List.of(reply), false, 0);
    }

    private static Row closing(String name, String input, String reply) {
        return new Row(name, List.of("EHLO a"), input, List.of(reply), true, 0);
    }

    private static Row rcpt(String name, String input, String reply) {
        return new Row(name, List.of("EHLO a", MAIL), "RCPT TO:" + input + "\r\n", List.of(reply), false, 0);
    }

    private static Row mail(String name, String input, String reply) {
        return command(name, "MAIL FROM:" + input, reply);
    }

    private static Row content(String name, String input, String reply) {
        int accepted = reply.startsWith("250") ? 1 : 0;
        return new Row(name, List.of("EHLO a", MAIL, RCPT, "DATA"), input, List.of(reply), false, accepted);
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        contents(rows);
        chunks(rows);
        commands(rows);
        addresses(rows);
        parameters(rows);
        return rows.stream();
    }

    private static void contents(List<Row> rows) {
        rows.add(content("LF.LF", "S: x\r\n\r\na\n.\nMAIL FROM:<evil@x.example>\r\n.\r\n", "550 5.5.2"));
        rows.add(content("LF.CRLF", "S: x\r\n\r\na\n.\r\nMAIL FROM:<evil@x.example>\r\n.\r\n", "550 5.5.2"));
        rows.add(content("CRLF.LF", "S: x\r\n\r\na\r\n.\nMAIL FROM:<evil@x.example>\r\n.\r\n", "550 5.5.2"));
        rows.add(content("CR.CRLF", "S: x\r\n\r\na\r.\r\nMAIL FROM:<evil@x.example>\r\n.\r\n", "550 5.5.2"));
        rows.add(content("CRLF.CR", "S: x\r\n\r\na\r\n.\rMAIL FROM:<evil@x.example>\r\n.\r\n", "550 5.5.2"));
        rows.add(content("bare LF lines", "S: x\n\nhello\n" + END, "550 5.5.2"));
        rows.add(content("bare CR", "S: x\r\n\r\nhel\rlo" + END, "550 5.5.2"));
        rows.add(content("NUL in the body", "S: x\r\n\r\nhel\0lo" + END, "550 5.6.0"));
        rows.add(content("stuffed dots", "S: x\r\n\r\n..\r\n...x" + END, "250 2.0.0 queued as "));
        rows.add(content("empty content", ".\r\n", "250 2.0.0 queued as "));
        rows.add(content("5 000-octet line", "S: x\r\n\r\n" + "x".repeat(5000) + END, "550 5.6.0"));
        rows.add(content("200 KiB of header", ("X: " + "y".repeat(1000) + "\r\n").repeat(205) + END, "552 5.3.4"));
        rows.add(content("200 KiB in one field", "X: " + "y".repeat(205_000) + "\r\n" + END, "552 5.3.4"));
        rows.add(content("20 000 header lines", "X:\r\n".repeat(20_000) + END, "552 5.3.4"));
        rows.add(content("over the size limit", ("x".repeat(998) + "\r\n").repeat(320) + END, "552 5.3.4"));
        rows.add(content("51 Received lines", "Received: x\r\n".repeat(51) + END, "554 5.4.6"));
        rows.add(content(
                "51 Received lines, a space in front of the colon", "Received : x\r\n".repeat(51) + END, "554 5.4.6"));
        rows.add(content(
                "51 Received lines behind a folded one",
                "A:\r\n b\r\n" + "Received: x\r\n".repeat(51) + END,
                "554 5.4.6"));
        rows.add(content("51 such lines in a body", " x\r\n" + "Received: x\r\n".repeat(51) + END, "250 2.0.0"));
        rows.add(content("50 Received lines", "RECEIVED: x\r\n".repeat(50) + END, "250 2.0.0"));
        rows.add(new Row(
                "message behind a refused one",
                List.of("EHLO a", MAIL, RCPT, "DATA"),
                "a\n.\r\n.\r\nNOOP\r\n",
                List.of("550 5.5.2", "250 2.0.0"),
                false,
                0));
    }

    private static Row chunk(String name, String input, String... replies) {
        int accepted = replies[replies.length - 1].startsWith("250 2.0.0 queued") ? 1 : 0;
        return new Row(name, List.of("EHLO a", MAIL, RCPT), input, List.of(replies), false, accepted);
    }

    private static void chunks(List<Row> rows) {
        String evil = "x\r\n.\r\nMAIL FROM:<evil@x.example>\r\n";
        String bdat = "BDAT " + evil.length();
        String taken = "250 2.0.0 " + evil.length() + " octets taken";
        String queued = "250 2.0.0 queued as ";
        rows.add(chunk("chunk with CRLF.CRLF", bdat + " LAST\r\n" + evil, queued));
        rows.add(chunk("two chunks", bdat + "\r\n" + evil + "bdat 0 last\r\n", taken, queued));
        rows.add(chunk("bare LF in a chunk", "BDAT 3 LAST\r\na\nb", "550 5.5.2"));
        rows.add(chunk("NUL in a chunk", "BDAT 3 LAST\r\na\0b", "550 5.6.0"));
        rows.add(chunk("CR and LF in two chunks", "BDAT 2\r\na\rBDAT 2 LAST\r\n\nb", "250 2.0.0 2", queued));
        rows.add(chunk("CR at the very end", "BDAT 2 LAST\r\na\r", "550 5.5.2"));
        rows.add(chunk(
                "chunks behind a faulty one", "BDAT 2\r\na\n" + bdat + " LAST\r\n" + evil, "550 5.5.2", "503 5.5.1"));
        rows.add(chunk("DATA after BDAT", bdat + "\r\n" + evil + "DATA\r\n", taken, "503 5.5.1"));
        rows.add(chunk("MAIL after BDAT", bdat + "\r\n" + evil + MAIL + "\r\n", taken, "503 5.5.1"));
        rows.add(chunk("RCPT after BDAT", bdat + "\r\n" + evil + RCPT + "\r\n", taken, "503 5.5.1"));
        rows.add(chunk(
                "BDAT after RSET",
                bdat + "\r\n" + evil + "RSET\r\n" + bdat + " LAST\r\n" + evil,
                taken,
                "250 2.0.0 ok",
                "503 5.5.1"));
        rows.add(chunk(
                "chunks over the size limit",
                ("BDAT 200000\r\n" + ("x".repeat(998) + "\r\n").repeat(200)).repeat(2),
                "250 2.0.0 200000",
                "552 5.3.4"));
        rows.add(new Row("BDAT before MAIL", List.of("EHLO a"), bdat + "\r\n" + evil, List.of("503 5.5.1"), false, 0));
        rows.add(new Row(
                "BDAT without a recipient",
                List.of("EHLO a", MAIL),
                bdat + " LAST\r\n" + evil,
                List.of("554 5.5.1"),
                false,
                0));
        for (String size : List.of("307201", "99999999999999999999", "9".repeat(500))) {
            rows.add(closing("BDAT of absurd size", "BDAT " + size + "\r\n" + evil, "552 5.3.4"));
        }
        for (String wrong : List.of(" -1", "", " x", " 30 LAST x", " 30 FIRST", " +1", " 0x10")) {
            rows.add(closing("BDAT" + wrong, "BDAT" + wrong + "\r\n" + evil, "501 5.5.4"));
        }
    }

    private static void commands(List<Row> rows) {
        rows.add(closing("bare LF ends a command", "NOOP\nNOOP\r\n", "500 5.5.2"));
        rows.add(command("3 000-octet command", "NOOP " + "x".repeat(3000), "500 5.5.2"));
        rows.add(command("100 KiB NOOP", "NOOP " + "x".repeat(100 * 1024), "500 5.5.2"));
        rows.add(command("empty line", "", "500 5.5.2"));
        rows.add(command("unknown verb", "FOO bar", "500 5.5.2"));
        rows.add(command("verb of octets over 0x80", "\u00ff\u00fe\u0080", "500 5.5.2"));
        rows.add(command("NUL in a verb", "NO\0OP", "500 5.5.2"));
        rows.add(closing("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "221 2.7.0"));
        rows.add(new Row("MAIL before EHLO", List.of(), MAIL + "\r\n", List.of("503 5.5.1"), false, 0));
        rows.add(command("RCPT before MAIL", RCPT, "503 5.5.1"));
        rows.add(command("DATA before MAIL", "DATA", "503 5.5.1"));
        rows.add(new Row("nested MAIL", List.of("EHLO a", MAIL), MAIL + "\r\n", List.of("503 5.5.1"), false, 0));
        rows.add(new Row("no recipient", List.of("EHLO a", MAIL), "DATA\r\n", List.of("554 5.5.1"), false, 0));
        rows.add(command("DATA foo", "DATA foo", "501 5.5.4"));
        rows.add(command("RSET foo", "RSET foo", "501 5.5.4"));
        rows.add(command("EHLO alone", "EHLO", "501 5.5.4"));
        rows.add(command("HELO alone", "HELO ", "501 5.5.4"));
        rows.add(command("STARTTLS x", "STARTTLS x", "501 5.5.4"));
        rows.add(command("STARTTLS is not offered", "STARTTLS", "502 5.5.1"));
        rows.add(command("AUTH in clear text", "AUTH PLAIN AGEAYg==", "538 5.7.11"));
        rows.add(command("AUTH alone", "AUTH", "538 5.7.11"));
        rows.add(command("VRFY", "VRFY ann", "502 5.5.1"));
        rows.add(command("EXPN", "EXPN list", "502 5.5.1"));
        rows.add(command("TURN", "TURN", "502 5.5.1"));
        rows.add(new Row(
                "20 errors",
                List.of("EHLO a"),
                "FOO\r\n".repeat(30),
                Stream.concat(Stream.generate(() -> "500 5.5.2").limit(20), Stream.of("421 4.7.0"))
                        .toList(),
                true,
                0));
        rows.add(new Row(
                "content behind a refused DATA",
                List.of("EHLO a", MAIL),
                "DATA\r\nSubject: x\r\n\r\nMAIL FROM:<evil@x.example>\r\n.\r\n",
                List.of("554 5.5.1", "554 5.5.0"),
                true,
                0));
        rows.add(new Row(
                "content without header behind a refused DATA",
                List.of("EHLO a", MAIL),
                "DATA\r\nhello\r\n.\r\n",
                List.of("554 5.5.1", "554 5.5.0"),
                true,
                0));
        rows.add(closing("header line as a command", "Subject: x\r\nMAIL FROM:<evil@x.example>\r\n", "221 2.7.0"));
    }

    private static void addresses(List<Row> rows) {
        String label = "a".repeat(63);
        rows.add(mail("NUL in a sender", "<bo\0b@example.org>", "501 5.1.7"));
        rows.add(mail("CR in a sender", "<bo\rb@example.org>", "501 5.1.7"));
        rows.add(rcpt("NUL in a recipient", "<an\0n@spooler.local>", "501 5.1.7"));
        rows.add(rcpt("CR in a recipient", "<ann\r@spooler.local>", "501 5.1.7"));
        rows.add(mail("no brackets", "bob@example.org", "501 5.5.4"));
        rows.add(mail("space behind the colon", " <bob@example.org>", "501 5.5.4"));
        rows.add(rcpt("no brackets, recipient", "ann@spooler.local", "501 5.5.4"));
        rows.add(rcpt("space behind the colon, recipient", " <ann@spooler.local>", "501 5.5.4"));
        rows.add(mail("unclosed bracket", "<bob@example.org", "501 5.1.7"));
        rows.add(rcpt("unclosed bracket, recipient", "<ann@spooler.local", "501 5.1.3"));
        rows.add(rcpt("two addresses", "<ann@spooler.local>,<bob@spooler.local>", "501 5.1.3"));
        rows.add(rcpt("two addresses in brackets", "<ann@spooler.local,bob@spooler.local>", "501 5.1.3"));
        rows.add(rcpt("two addresses with a space", "<ann@spooler.local> <bob@spooler.local>", "501 5.1.3"));
        rows.add(rcpt("empty recipient", "<>", "501 5.1.3"));
        rows.add(mail("domain over 255", "<b@" + (label + ".").repeat(4) + "example>", "501 5.1.7"));
        rows.add(mail("local part over 64", "<" + "b".repeat(65) + "@example.org>", "501 5.1.7"));
        rows.add(mail("local part of 64", "<" + "b".repeat(64) + "@example.org>", "250 2.1.0"));
        rows.add(mail("label over 63", "<b@a" + label + ".example>", "501 5.1.7"));
        rows.add(mail("two dots", "<a..b@example.org>", "501 5.1.7"));
        rows.add(rcpt("two dots, recipient", "<a..b@spooler.local>", "501 5.1.3"));
        rows.add(mail("null sender", "<>", "250 2.1.0"));
        rows.add(rcpt("quoted local part", "<\"ann lee\"@spooler.local>", "250 2.1.5"));
        rows.add(rcpt("foreign domain", "<x@elsewhere.example>", "550 5.7.1"));
        rows.add(rcpt("percent", "<x%elsewhere.example@spooler.local>", "550 5.7.1"));
        rows.add(rcpt("bang", "<elsewhere.example!x@spooler.local>", "550 5.7.1"));
        rows.add(rcpt("quoted at sign", "<\"x@elsewhere.example\"@spooler.local>", "550 5.7.1"));
        rows.add(rcpt("source route", "<@spooler.local:x@elsewhere.example>", "550 5.7.1"));
        rows.add(rcpt("source route to us", "<@a.example,@b.example:ann@spooler.local>", "550 5.7.1"));
        rows.add(rcpt("address literal", "<x@[192.0.2.1]>", "550 5.7.1"));
        rows.add(rcpt("IPv6 literal", "<x@[IPv6:2001:db8::1]>", "550 5.7.1"));
        rows.add(rcpt("UTF-8 without SMTPUTF8", "<j\u00c3\u00b6rg@spooler.local>", "553 5.6.7"));
        rows.add(mail("UTF-8 sender without SMTPUTF8", "<b@b\u00c3\u00bccher.example>", "553 5.6.7"));
        rows.add(mail("octets that are no UTF-8", "<j\u00f6rg@example.org> SMTPUTF8", "501 5.1.7"));
        rows.add(rcpt("pipe", "<|sh@spooler.local>", "250 2.1.5"));
        rows.add(rcpt("path", "<\"../../etc/passwd\"@spooler.local>", "250 2.1.5"));
        rows.add(recipients(1000));
        rows.add(rcpt("path without quotes", "<../../etc/passwd@spooler.local>", "501 5.1.3"));
    }

    private static Row recipients(int most) {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i <= most; i++) {
            input.append("RCPT TO:<r").append(i).append("@spooler.local>\r\n");
        }
        Stream<String> replies = Stream.generate(() -> "250 2.1.5").limit(most);
        List<String> all = Stream.concat(replies, Stream.of("452 4.5.3")).toList();
        return new Row("recipient too many", List.of("EHLO a", MAIL), input.toString(), all, false, 0);
    }

    private static void parameters(List<Row> rows) {
        String from = "<bob@example.org> ";
        String to = "<ann@spooler.local> ";
        rows.add(mail("SIZE over the limit", from + "SIZE=307201", "552 5.3.4"));
        rows.add(mail("SIZE at the limit", from + "SIZE=307200", "250 2.1.0"));
        rows.add(mail("SIZE=abc", from + "SIZE=abc", "501 5.5.4"));
        rows.add(mail("SIZE of 20 digits", from + "SIZE=99999999999999999999", "552 5.3.4"));
        rows.add(mail("SIZE negative", from + "SIZE=-1", "501 5.5.4"));
        rows.add(mail("unknown parameter", from + "FOO=bar", "555 5.5.4"));
        rows.add(mail("BODY=9BIT", from + "BODY=9BIT", "555 5.5.4"));
        rows.add(mail("BODY=8BITMIME", from + "BODY=8BITMIME", "250 2.1.0"));
        rows.add(mail("parameter twice", from + "SIZE=1 SIZE=2", "501 5.5.4"));
        rows.add(mail("parameter of RCPT", from + "NOTIFY=NEVER", "555 5.5.4"));
        rows.add(mail("ENVID hides CR LF", from + "ENVID=a+0D+0Ab", "501 5.5.4"));
        rows.add(mail("RET=X", from + "RET=X", "501 5.5.4"));
        rows.add(rcpt("NOTIFY=NEVER,SUCCESS", to + "NOTIFY=NEVER,SUCCESS", "501 5.5.4"));
        rows.add(rcpt("NOTIFY=SOMETIMES", to + "NOTIFY=SOMETIMES", "501 5.5.4"));
        rows.add(rcpt("ORCPT hides CR LF", to + "ORCPT=rfc822;a+0D+0Ab@x.example", "501 5.5.4"));
        rows.add(rcpt("ORCPT without a type", to + "ORCPT=ann@x.example", "501 5.5.4"));
        rows.add(rcpt("unknown parameter, recipient", to + "FOO", "555 5.5.4"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAnswered(Row row) throws Exception {
        try (RawClient client = rig.connect()) {
            check(row, client);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAnsweredTheSameOctetByOctet(Row row) throws Exception {
        try (RawClient client = rig.connectSingle()) {
            check(row, client);
        }
    }

    @Test
    void anEmptyConfigurationRelaysNothing() throws Exception {
        ListenerSettings empty = ListenerSettings.read(Listener.PID, Map.of());
        QuietSession session = new QuietSession(empty, new Sessions(), rig.fake, Ticker.newMockTicker());
        session.ask("EHLO a\r\n" + MAIL + "\r\n");
        for (String to : List.of(
                "x@elsewhere.example",
                "x@spooler.local",
                "x@localhost",
                "x@" + empty.hostname(),
                "postmaster@" + empty.hostname(),
                "postmaster",
                "x%elsewhere.example@" + empty.hostname(),
                "elsewhere.example!x@" + empty.hostname(),
                "\"x@elsewhere.example\"@" + empty.hostname(),
                "@" + empty.hostname() + ":x@elsewhere.example",
                "x@[127.0.0.1]",
                "x@[192.0.2.1]")) {
            assertThat(session.ask("RCPT TO:<" + to + ">\r\n")).as(to).startsWith("550 5.7.1");
        }
        assertThat(session.ask("DATA\r\n")).startsWith("554 5.5.1");
    }

    private void check(Row row, RawClient client) throws Exception {
        rig.fake.accepted.clear();
        assertThat(client.reply()).startsWith("220 ");
        for (String command : row.before()) {
            assertThat(client.ask(command)).as(command).matches("(?s)[23].*");
        }
        client.send(row.input());
        for (String reply : row.replies()) {
            assertThat(client.reply()).as("reply to " + row.name()).startsWith(reply);
        }
        if (row.closes()) {
            assertThat(client.reply()).as("end of connection").isEmpty();
        } else {
            assertThat(client.ask("NOOP")).as("the session goes on").startsWith("250 2.0.0 ok");
        }
        assertThat(rig.fake.accepted).hasSize(row.accepted());
    }
}
