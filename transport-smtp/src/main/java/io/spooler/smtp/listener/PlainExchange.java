package io.spooler.smtp.listener;

/** PLAIN (RFC 4616): name and password at once. */
final class PlainExchange implements Exchange {

    private static final int PARTS = 3;

    private final Logins logins;
    private String user = "";

    PlainExchange(Logins logins) {
        this.logins = logins;
    }

    @Override
    public Answer begin() {
        return Answer.ask("");
    }

    @Override
    public Step respond(String text) {
        String[] parts = text.split("\0", -1);
        // Nobody may act for somebody else.
        if (parts.length != PARTS || !(parts[0].isEmpty() || parts[0].equals(parts[1]))) {
            return Answer.BAD_LOGIN;
        }
        user = parts[1];
        return logins.verify(user, parts[2]);
    }

    @Override
    public String user() {
        return user;
    }
}
