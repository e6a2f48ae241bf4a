package io.spooler.itests.instance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A generated message with everything that RFC 5321, 5322, 6152 and 6531 let a client send, and some that only habit does.
 *
 * @param number tells it from all others
 * @param from the reverse path, empty for the null sender
 * @param to bare addresses
 * @param utf8 whether it needs SMTPUTF8
 * @param content ends with CR LF unless it is empty
 */
@SuppressWarnings("ArrayRecordComponent") // Samples are never compared.
record Sample(int number, String from, List<String> to, boolean utf8, byte[] content) {

    private static final int LONGEST = 2046;

    /** The same for the same seed and number. */
    static Sample of(long seed, int number) {
        return new Maker(new Random(seed * 1_000_003 + number), number).make();
    }

    /** The number in a recipient's address. */
    static int number(String address) {
        return Integer.parseInt(address.replaceFirst("(?s).*?r(\\d+)[._].*", "$1"));
    }

    private static final class Maker {

        private final Random random;
        private final int number;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Maker(Random random, int number) {
            this.random = random;
            this.number = number;
        }

        Sample make() {
            boolean utf8 = random.nextInt(6) == 0;
            String from = one(10) ? "" : utf8 ? "jürgen@in.test" : "sender+x=y_%@in.test";
            List<String> to = new ArrayList<>();
            int count = one(20) ? 1 + random.nextInt(200) : 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                to.add("r" + number + "." + i + (utf8 && i == 0 ? ".jörg日本" : "") + "@out.test");
            }
            boolean header = !one(12);
            if (header) {
                header(utf8);
            }
            if (header && !one(15)) {
                body();
            } else if (!header) {
                // Neither a field nor an empty line.
                line("no header, number " + number);
                body();
            }
            return new Sample(number, from, to, utf8, out.toByteArray());
        }

        private boolean one(int of) {
            return random.nextInt(of) == 0;
        }

        private void header(boolean utf8) {
            line("Subject: number " + number + (utf8 ? " grüße" : ""));
            if (!one(5)) {
                line("From: \"A. U. Thor\" <sender@in.test>");
                line("To: undisclosed-recipients:;");
                line("Date: Thu, 26 Nov 2026 12:00:00 +0000");
                line("Message-ID: <" + number + "@in.test>");
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                field();
            }
            if (one(25)) {
                for (int i = 0; i < 700; i++) {
                    line("X-Huge-" + i + ": " + "h".repeat(100));
                }
            }
            line("");
        }

        private void field() {
            switch (random.nextInt(8)) {
                case 0 -> line("X-Folded: one\r\n two\r\n\tthree");
                case 1 -> line("X-Folded-To-Nothing: one\r\n  \r\n two");
                case 2 -> line("X-Empty:");
                case 3 -> line("X-No-Space:value");
                case 4 -> line("X-Long: " + "l".repeat(random.nextInt(LONGEST - 10)));
                case 5 -> line("X-Trailing: spaces   \t ");
                case 6 -> line("Received: from a.test by b.test; Thu, 26 Nov 2026 12:00:00 +0000");
                default -> line("Bcc: hidden@out.test\r\nReturn-Path: <old@in.test>\r\nContent-Length: 7");
            }
        }

        private void body() {
            for (int i = random.nextInt(one(10) ? 400 : 12); i > 0; i--) {
                switch (random.nextInt(8)) {
                    case 0 -> line(".".repeat(1 + random.nextInt(4)));
                    case 1 -> line("." + "d".repeat(random.nextInt(50)));
                    case 2 -> line("");
                    case 3 -> octets(990 + random.nextInt(20));
                    case 4 -> octets(random.nextInt(LONGEST));
                    case 5 -> line("From the start of a line");
                    case 6 -> line("QUIT\r\nRSET\r\nMAIL FROM:<x@in.test>");
                    default -> octets(random.nextInt(80));
                }
            }
        }

        /** Any octets but NUL, CR and LF. */
        private void octets(int length) {
            for (int i = 0; i < length; i++) {
                int octet = 1 + random.nextInt(255);
                out.write(octet == '\r' || octet == '\n' ? '.' : octet);
            }
            line("");
        }

        private void line(String text) {
            out.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
