package io.spooler.smtp.listener;

import io.spooler.access.Users.Scram;
import io.spooler.smtp.users.ScramHash;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677): the password does not come over the line. */
final class ScramExchange implements Exchange {

    private static final Pattern FIRST = Pattern.compile("([ny],(?:a=([^,]*))?,)(n=([^,]+),r=([!-+--~]+)(?:,.*)?)");
    private static final Pattern FINAL = Pattern.compile("(c=([^,]+),r=([!-+--~]+)(?:,.*)?),p=([^,]+)");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE = 18;

    private final Logins logins;
    private String user = "";
    private String header = "";
    private String conversation = "";
    private String nonce = "";
    private @Nullable Scram keys;
    private boolean proven;

    ScramExchange(Logins logins) {
        this.logins = logins;
    }

    @Override
    public Answer begin() {
        return Answer.ask("");
    }

    @Override
    public Step respond(String text) {
        if (proven) {
            return text.isEmpty() ? Answer.LOGGED_IN : Answer.BAD_LOGIN;
        }
        return nonce.isEmpty() ? first(text) : last(text);
    }

    private Step first(String text) {
        Matcher m = FIRST.matcher(text);
        if (!m.matches()) {
            return Answer.BAD_LOGIN;
        }
        user = name(m.group(4));
        String other = m.group(2);
        if (other != null && !name(other).equals(user)) {
            return Answer.BAD_LOGIN;
        }
        header = m.group(1);
        byte[] random = new byte[NONCE];
        RANDOM.nextBytes(random);
        nonce = m.group(5) + encode(random);
        return logins.scram(user, found -> challenge(m.group(3), found));
    }

    /** A comma and an equals sign in a name are escaped. */
    private static String name(String text) {
        return text.replace("=2C", ",").replace("=3D", "=");
    }

    private Answer challenge(String first, Scram found) {
        keys = found;
        String challenge = "r=" + nonce + ",s=" + found.salt() + ",i=" + found.iterations();
        conversation = first + "," + challenge + ",";
        return Answer.ask(challenge);
    }

    private Step last(String text) {
        Matcher m = FINAL.matcher(text);
        Scram present = keys;
        if (present == null || !m.matches() || !m.group(2).equals(encode(header.getBytes(Logins.TEXT)))) {
            return Answer.BAD_LOGIN;
        }
        String all = conversation + m.group(1);
        byte[] proof = Logins.decode(m.group(4));
        if (proof == null || !m.group(3).equals(nonce) || !ScramHash.proves(present, all, proof)) {
            return Answer.BAD_LOGIN;
        }
        proven = true;
        return Answer.ask("v=" + ScramHash.signature(present, all));
    }

    private static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    @Override
    public String user() {
        return user;
    }
}
