package io.spooler.smtp.client;

import io.spooler.testkit.Dice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes hostile servers out of a seed: what one may say, then damaged. The same seed makes the same server. */
final class ReplyFuzzer extends Dice {

    /** What it aims at. */
    enum Target {
        SMTP,
        LMTP,
        HELLOS
    }

    private static final String[] ODD = {
        "\r",
        "\n",
        "\r\n",
        "\0",
        " ",
        "\t",
        "-",
        "\u00ff",
        "\u00c3\u00b6",
        "\u00c0\u0080",
        "\u001b[2J",
        "2",
        "250 ",
        "250-",
        "354 ",
        "421 x\r\n"
    };
    private static final String[] REPLIES = {
        "250 2.0.0 ok",
        "250",
        "250-a\r\n250 b",
        "250-2.1.5 a\r\n550 5.1.1 b",
        "354 go ahead",
        "354",
        "220 ready",
        "221 bye",
        "334 ",
        "421 4.3.2 going",
        "450 4.2.1 later",
        "451",
        "452 4.5.3 too many",
        "452 4.2.2 full",
        "503 5.5.1 what",
        "550 5.1.1 unknown",
        "550 5.1. unknown",
        "550 5.1234.1 unknown",
        "250 2",
        "550 5.",
        "552 too many",
        "554",
        "199 x",
        "600 x",
        "25",
        "250_x",
        "2500",
        "",
        "-",
        "550 \u001b[2J",
        "250 " + "x".repeat(3000),
        "250-x\r\n".repeat(900) + "250 y",
        "250 " + "x".repeat(ReplyDecoder.BUDGET - 6),
        "2".repeat(ReplyDecoder.BUDGET + 1)
    };
    /** To one message, without CHUNKING. */
    private static final String[] FINE = {"250 2.1.0 ok", "250 2.1.5 ok", "250 2.1.5 ok", "354 go", "250 2.0.0 taken"};

    private static final int MESSAGES = 3;
    private static final String[] EXTENSIONS = {
        "PIPELINING",
        "PIPELINING",
        "CHUNKING",
        "8BITMIME",
        "DSN",
        "SMTPUTF8",
        "SIZE",
        "SIZE 10",
        "SIZE 99999999999999999999",
        "SIZE -1",
        "SIZE x",
        "AUTH PLAIN LOGIN",
        "AUTH=LOGIN",
        "STARTTLS",
        "",
        "=",
        " ",
        "X=Y Z",
        "\u00c3\u00b6",
        "AUTH A\r\n250-".repeat(100) + "AUTH B"
    };

    ReplyFuzzer(long seed) {
        super(seed, 6, List.of(ODD));
    }

    /** What the server says, one piece after the other, each once everything about the one before is done. */
    List<String> session(Target target) {
        List<String> pieces = new ArrayList<>();
        pieces.add((one(20) ? any(REPLIES) : "220 peer.test ready") + "\r\n");
        pieces.add(hello(target == Target.HELLOS));
        String hello = pieces.get(1);
        for (int i = 0; i < MESSAGES * FINE.length; i++) {
            String fine = FINE[i % FINE.length];
            String reply = (one(6) ? any(REPLIES) : fine) + "\r\n";
            if (fine.startsWith("354") && hello.contains("CHUNKING") && hello.contains("PIPELINING")) {
                continue;
            }
            if (one(3)) {
                pieces.set(pieces.size() - 1, pieces.get(pieces.size() - 1) + reply);
            } else {
                pieces.add(reply);
            }
        }
        pieces.replaceAll(this::damage);
        return pieces;
    }

    private String hello(boolean odd) {
        StringBuilder hello = new StringBuilder("250-peer.test\r\n");
        if (odd && one(20)) {
            hello.append("250-a\r\n".repeat(8_000));
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            hello.append("250-")
                    .append(odd ? any(EXTENSIONS) : EXTENSIONS[random.nextInt(8)])
                    .append("\r\n");
        }
        return hello.append("250 ENHANCEDSTATUSCODES\r\n").toString();
    }

    /** A challenge of SCRAM, in base64 as a rule. */
    String challenge(String nonce) {
        String[] parts = {
            "r=" + nonce + "x",
            "r=" + nonce,
            "r=x",
            "s=c2FsdA==",
            "s=",
            "s=?",
            "i=4096",
            "i=0",
            "i=-1",
            "i=99999999999",
            "m=x",
            "v=AAAA",
            "v=?",
            "e=other-error",
            "=",
            "x",
            ""
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(any(parts)).append(one(10) ? any(ODD) : ",");
        }
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return one(4) ? damage(text.toString()) : Base64.getEncoder().encodeToString(octets);
    }
}
