package io.spooler.smtp.listener;

/**
 * One log-in by one mechanism, step by step (RFC 4954). Ends with {@link Answer#LOGGED_IN}, or with any other answer but
 * a 334. One thread.
 */
interface Exchange {

    /** The mechanism. */
    static Exchange of(String mechanism, Logins logins) throws Refused {
        return switch (mechanism) {
            case "PLAIN" -> new PlainExchange(logins);
            case "LOGIN" -> new LoginExchange(logins);
            case "SCRAM-SHA-256" -> new ScramExchange(logins);
            default -> throw new Refused(Answer.UNKNOWN_MECHANISM);
        };
    }

    /** What to ask for where the client did not say anything yet. */
    Answer begin();

    /** Takes what the client says, decoded. */
    Step respond(String text);

    /** Who wants to log in; of use once it has ended well. */
    String user();
}
