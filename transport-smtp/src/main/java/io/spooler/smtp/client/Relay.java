package io.spooler.smtp.client;

import java.util.ArrayList;
import java.util.List;

/**
 * One smart host.
 *
 * @param rank those with a lower one come first
 * @param host name or address
 * @param port where it listens
 * @param weight its share among those of equal rank
 */
record Relay(int rank, String host, int port, int weight) {

    /** What the setting must be, for people. */
    static final String ALLOWED = "servers in their order, HOST, HOST:PORT or [ADDRESS]:PORT; HOST*3|HOST takes turns";

    private static final int MOST_WEIGHT = 1_000;
    private static final int MOST_PORT = 65_535;

    /**
     * Reads one place of the list.
     *
     * @param text one server, or several of equal rank with bars between them
     * @return with rank 0
     * @throws IllegalArgumentException if it is none
     */
    static List<Relay> parse(String text, int defaultPort) {
        List<Relay> equals = new ArrayList<>();
        for (String one : text.split("\\|", -1)) {
            int star = one.lastIndexOf('*');
            int weight = star < 0 ? 1 : number(one.substring(star + 1), MOST_WEIGHT);
            equals.add(address(star < 0 ? one : one.substring(0, star), defaultPort, weight));
        }
        return equals;
    }

    private static Relay address(String text, int defaultPort, int weight) {
        int close = text.indexOf(']');
        int colon = text.lastIndexOf(':');
        boolean bracket = text.startsWith("[") && close > 0;
        boolean hasPort = bracket ? colon == close + 1 : colon >= 0 && colon == text.indexOf(':');
        String host = bracket ? text.substring(1, close) : hasPort ? text.substring(0, colon) : text;
        boolean whole = !bracket || hasPort || close == text.length() - 1;
        if (!whole || host.isEmpty() || !host.chars().allMatch(Relay::isHostCharacter)) {
            throw new IllegalArgumentException(text);
        }
        return new Relay(0, host, hasPort ? number(text.substring(colon + 1), MOST_PORT) : defaultPort, weight);
    }

    static boolean isHostCharacter(int c) {
        return c == '.' || c == '-' || c == '_' || c == ':' || Character.isLetterOrDigit(c);
    }

    private static int number(String text, int most) {
        int number = Integer.parseInt(text);
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    Relay withRank(int other) {
        return new Relay(other, host, port, weight);
    }

    boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
