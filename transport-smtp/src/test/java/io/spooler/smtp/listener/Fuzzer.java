package io.spooler.smtp.listener;

import io.spooler.testkit.Dice;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes hostile sessions out of a seed: what a client may say, put together by the grammar, then damaged. The same seed
 * makes the same session.
 */
final class Fuzzer extends Dice {

    /** What the sessions aim at. */
    enum Target {
        COMMANDS,
        ADDRESSES,
        DATA,
        CHUNKS,
        HEADERS,
        WISHES
    }

    private static final String[] ODD = {
        "\r",
        "\n",
        "\r\n",
        "\0",
        " ",
        "\t",
        ".",
        "\r\n.\r\n",
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\u00ff",
        "\u00c3\u00b6",
        "\u00c0\u0080",
        "<",
        ">",
        "@",
        "\"",
        "\\",
        ":",
        ";",
        "=",
        "+",
        "+0D",
        "%",
        "(",
        ")",
        "*",
        "-1",
        "99999999999999999999"
    };
    private static final String[] VERBS = {
        "EHLO a",
        "HELO a",
        "LHLO a",
        "MAIL FROM:<b@c.example>",
        "RCPT TO:<ann@spooler.local>",
        "DATA",
        "RSET",
        "NOOP",
        "QUIT",
        "VRFY a",
        "HELP",
        "STARTTLS",
        "AUTH PLAIN AGEAYg==",
        "BDAT 3\r\nabc",
        "BDAT 0 LAST",
        "",
        "GET / HTTP/1.1",
        "Subject: x",
        "XCLIENT a=b",
        "mail from:<>",
        "EHLO",
        "BDAT",
        "data x",
        "NOOP " + "x".repeat(2041),
        "NOOP " + "x".repeat(2042),
        "NOOP " + "x".repeat(5000)
    };
    private static final String[] ATOMS = {
        "a",
        "ann",
        "spooler.local",
        "c.example",
        "\"q q\"",
        "\"\\\"\"",
        "[192.0.2.1]",
        "[IPv6:::1]",
        "a..b",
        ".a",
        "a.",
        "-",
        "xn--a",
        "\u00c3\u00bc",
        "postmaster",
        "a!b",
        "a%b",
        "@x,@y:",
        "../etc",
        "|sh",
        "a".repeat(70),
        "b.".repeat(130)
    };
    private static final String[] WISHES = {
        "SIZE=",
        "SIZE=1",
        "SIZE=99999999999999999999",
        "BODY=8BITMIME",
        "BODY=7BIT",
        "BODY=9",
        "SMTPUTF8",
        "SMTPUTF8=1",
        "RET=FULL",
        "RET=HDRS",
        "ENVID=a+20b",
        "ENVID=+0A",
        "NOTIFY=NEVER",
        "NOTIFY=SUCCESS,DELAY",
        "NOTIFY=NEVER,DELAY",
        "ORCPT=rfc822;a@b",
        "ORCPT=;",
        "ORCPT=utf-8;\u00c3\u00bc",
        "AUTH=<>",
        "X=Y",
        "=",
        "a=b=c",
        "-=",
        "SIZE=+1"
    };
    private static final String[] LINES = {
        "Subject: x",
        "Received: from a",
        "RECEIVED: b",
        "Received : c",
        " folded",
        "\tfolded",
        "X",
        ":",
        "X-Long: " + "y".repeat(900),
        "",
        "..",
        ".x",
        ".",
        "body",
        "body ".repeat(500),
        "\u00e4",
        "a\0b",
        "From: a@b.example",
        "Received"
    };
    private static final String OPENING = "EHLO a\r\nMAIL FROM:<b@c.example>\r\nRCPT TO:<ann@spooler.local>\r\n";

    Fuzzer(long seed) {
        super(seed, 2, List.of(ODD));
    }

    /** A session: pieces that arrive one after the other, each once everything about the one before is done. */
    List<String> session(Target target) {
        List<String> pieces = switch (target) {
            case COMMANDS -> commands();
            case ADDRESSES -> addresses();
            case DATA -> List.of(OPENING + "DATA\r\n", lines(false) + "\r\n.\r\n", "NOOP\r\n");
            case CHUNKS -> chunks();
            case HEADERS -> List.of(OPENING + "DATA\r\n", lines(true) + "\r\n.\r\n", OPENING);
            case WISHES -> wishes();
        };
        List<String> damaged = new ArrayList<>();
        for (String piece : pieces) {
            damaged.add(damage(piece));
        }
        return damaged;
    }

    private List<String> commands() {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            piece.append(any(VERBS)).append("\r\n");
            if (one(3)) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private String path() {
        StringBuilder path = new StringBuilder(one(10) ? "" : "<");
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append(any(ATOMS)).append(one(4) ? any(ODD) : "");
        }
        path.append(one(10) ? "" : "@");
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append(any(ATOMS)).append(i > 0 ? "." : "");
        }
        return path.append(one(10) ? "" : ">").toString();
    }

    private List<String> addresses() {
        StringBuilder piece = new StringBuilder("EHLO a\r\n");
        for (int i = random.nextInt(6); i >= 0; i--) {
            piece.append("MAIL FROM:")
                    .append(path())
                    .append(one(2) ? " SMTPUTF8" : "")
                    .append("\r\n");
            piece.append("RCPT TO:").append(path()).append("\r\nRSET\r\n");
        }
        return List.of(piece.toString());
    }

    private String lines(boolean header) {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            all.append(any(LINES)).append(one(header ? 60 : 15) ? any(ODD) : "").append(one(40) ? "" : "\r\n");
        }
        return header && one(5) ? all.toString().repeat(1 + random.nextInt(20)) : all.toString();
    }

    private List<String> chunks() {
        StringBuilder piece = new StringBuilder(OPENING);
        for (int i = random.nextInt(6); i >= 0; i--) {
            String data = lines(false);
            int size = one(20) ? random.nextInt(10_000) : data.length();
            piece.append("BDAT ")
                    .append(size)
                    .append(i == 0 || one(10) ? " LAST" : "")
                    .append("\r\n")
                    .append(data);
            if (one(12)) {
                piece.append(any(VERBS)).append("\r\n");
            }
        }
        return List.of(piece.toString(), "NOOP\r\n");
    }

    private List<String> wishes() {
        StringBuilder piece = new StringBuilder("EHLO a\r\n");
        for (int i = random.nextInt(8); i >= 0; i--) {
            piece.append("MAIL FROM:<b@c.example>").append(some()).append("\r\n");
            piece.append("RCPT TO:<ann@spooler.local>").append(some()).append("\r\nRSET\r\n");
        }
        return List.of(piece.toString());
    }

    private String some() {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            all.append(one(10) ? "" : " ").append(any(WISHES)).append(one(8) ? any(ODD) : "");
        }
        return all.toString();
    }
}
