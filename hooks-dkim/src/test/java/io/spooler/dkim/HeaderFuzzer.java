package io.spooler.dkim;

import io.spooler.testkit.Dice;
import java.util.List;

/** Makes hostile messages out of a seed: what a stranger may put into a header, then damaged. The same seed makes the same one. */
final class HeaderFuzzer extends Dice {

    /** What the messages aim at. */
    enum Target {
        FIELDS,
        SIGNATURES,
        RESULTS,
        AUTHORS
    }

    private static final String[] ODD = {
        "\r",
        "\n",
        "\r\n",
        "\r\n ",
        "\0",
        " ",
        "\t",
        "\u000b",
        "\u0085",
        "\u00a0",
        "\u00ff",
        "\u00c3\u00b6",
        "(",
        ")",
        "\"",
        "\\",
        ":",
        ";",
        "=",
        ",",
        "<",
        ">",
        "@",
        "/",
        "=?utf-8?q?",
        "?="
    };
    private static final String[] LINES = {
        "Subject: x",
        "from: a@b.example",
        "FROM : <a@example.org>",
        " folded",
        "\t\u0085",
        "no field",
        ":",
        " ",
        "X: " + "y".repeat(900),
        "Received: from a by b; now",
        "Received: from a ([127.0.0.1]) by b with ESMTPA id " + Messages.ID + "; now",
        "Received: by a (Spooler) with LOCAL id " + Messages.ID + "; now",
        "a:",
        "Bcc: \u00e9"
    };
    private static final String[] TAGS = {
        "v=1",
        "v=2",
        "a=rsa-sha256",
        "a=ed25519-sha256",
        "a=rsa-sha1",
        "a=",
        "c=relaxed/simple",
        "c=simple",
        "c=/",
        "d=example.org",
        "d=-",
        "s=s1",
        "s=..",
        "h=from:to",
        "h=:from::from:",
        "h=from" + ":a".repeat(300),
        "i=@sub.example.org",
        "i=@",
        "l=5",
        "l=0",
        "l=99999999999999",
        "t=1",
        "x=1",
        "q=dns/txt",
        "bh=AAAA",
        "bh=?",
        "b=AAAA",
        "b = A A\r\n\tA A",
        "b=",
        "z",
        "=",
        "",
        "p=AAAA",
        "k=rsa"
    };
    private static final String[] RESULTS = {
        "mx.example.net",
        "MX.example.NET",
        "\"mx.example.net\"",
        "(c)",
        "((",
        "1",
        "/1",
        ";",
        "dkim=pass",
        "header.d=b.example",
        " ",
        "=?us-ascii?q?mx.example.net?=",
        "other.example.net",
        "\\m"
    };
    private static final String[] AUTHORS = {
        "a@example.org",
        "<a@example.org>",
        "\"q\\\"q\"",
        "(c(c)c)",
        "Ann",
        ",",
        ";",
        ":",
        "group: ",
        "@",
        "<",
        ">",
        "\"",
        "(",
        "a@\u00c3\u00bc.example",
        "=?utf-8?q?a?=",
        "\\",
        "a@" + "b.".repeat(130) + "c",
        "a@b@c",
        "\"" + "x".repeat(3000) + "\""
    };

    HeaderFuzzer(long seed) {
        super(seed, 2, List.of(ODD));
    }

    /** Many fields, and as many names of such. */
    private static final String CROWD =
            "a:\r\n".repeat(4_000) + "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; bh=AAAA; b=AAAA; h=from"
                    + ":a".repeat(4_000) + "\r\n";

    /** A message, one character for each octet. */
    String message(Target target) {
        StringBuilder all = new StringBuilder(target == Target.SIGNATURES && one(20) ? CROWD : "");
        for (int i = random.nextInt(12); i >= 0; i--) {
            all.append(one(3) ? any(LINES) : line(target)).append(one(30) ? any(ODD) : "\r\n");
        }
        int times = one(40) ? CROWD.length() / all.length() + 1 : 1;
        return damage(all.toString().repeat(times) + (one(10) ? "" : "\r\n") + any(LINES) + "\n\r\n");
    }

    private String line(Target target) {
        return switch (target) {
            case FIELDS -> any(LINES);
            case SIGNATURES -> "DKIM-Signature:" + some(TAGS, "; ");
            case RESULTS -> "Authentication-Results" + (one(5) ? " :" : ":") + some(RESULTS, " ");
            case AUTHORS -> "From:" + some(AUTHORS, " ");
        };
    }

    private String some(String[] of, String between) {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(14); i >= 0; i--) {
            all.append(any(of)).append(one(20) ? any(ODD) : between);
        }
        return all.toString();
    }
}
