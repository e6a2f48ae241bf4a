package io.spooler.smtp.listener;

import io.spooler.Envelope;
import io.spooler.Recipient.Notify;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ESMTP parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), AUTH (RFC 4954), RET,
 * ENVID, NOTIFY and ORCPT (RFC 3461). Anything else is refused, so that no wish is silently dropped.
 */
final class Parameters {

    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Pattern SIZE = Pattern.compile("\\d{1,20}");
    private static final int LONG_DIGITS = 18;
    private static final int MAX_ENVID = 100;
    private static final int MAX_ORCPT = 500;

    /**
     * Parameters of MAIL.
     *
     * @param size octets announced, 0 if not; the largest long stands for anything larger
     * @param utf8 true if SMTPUTF8 was asked for
     * @param ret how much a report returns, or null
     * @param envid identifier for reports, decoded, or null
     */
    record Mail(
            long size,
            boolean utf8,
            Envelope.@Nullable Return ret,
            @Nullable String envid) {

        Envelope.Options options() {
            return new Envelope.Options(null, null, null, ret, envid, utf8);
        }
    }

    /**
     * Parameters of RCPT.
     *
     * @param notifyOn empty for the default
     * @param original {@code type;value}, decoded, or null
     */
    record Rcpt(Set<Notify> notifyOn, @Nullable String original) {}

    private Parameters() {}

    static Mail mail(String text) throws Refused {
        long size = 0;
        boolean utf8 = false;
        Envelope.Return ret = null;
        String envid = null;
        for (Map.Entry<String, String> p : split(text).entrySet()) {
            String value = p.getValue();
            switch (p.getKey()) {
                case "SIZE" -> size = size(value);
                case "BODY" -> checkBody(value);
                case "SMTPUTF8" -> utf8 = flag(value);
                case "RET" -> ret = ret(value);
                // Whom the client takes for the author: believed of nobody (RFC 4954 section 5).
                case "AUTH" -> Xtext.decode(bounded(value, MAX_ORCPT));
                case "ENVID" -> envid = Xtext.decode(bounded(value, MAX_ENVID));
                default -> throw new Refused(Answer.BAD_PARAMETER);
            }
        }
        return new Mail(size, utf8, ret, envid);
    }

    static Rcpt rcpt(String text) throws Refused {
        Set<Notify> notifyOn = Set.of();
        String original = null;
        for (Map.Entry<String, String> p : split(text).entrySet()) {
            switch (p.getKey()) {
                case "NOTIFY" -> notifyOn = notifyOn(p.getValue());
                case "ORCPT" -> original = original(bounded(p.getValue(), MAX_ORCPT));
                default -> throw new Refused(Answer.BAD_PARAMETER);
            }
        }
        return new Rcpt(notifyOn, original);
    }

    /** Keywords in upper case; an absent value is empty. */
    private static Map<String, String> split(String text) throws Refused {
        if (text.isBlank()) {
            return Map.of();
        }
        Map<String, String> result = new LinkedHashMap<>();
        for (String word : SPACES.split(text.strip(), -1)) {
            int equals = word.indexOf('=');
            String keyword = equals < 0 ? word : word.substring(0, equals);
            boolean emptyValue = equals == word.length() - 1;
            if (!KEYWORD.matcher(keyword).matches() || emptyValue || hasControl(word)) {
                throw new Refused(Answer.BAD_ARGUMENT);
            }
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (result.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
                throw new Refused(Answer.BAD_ARGUMENT);
            }
        }
        return result;
    }

    private static boolean hasControl(String word) {
        return word.chars().anyMatch(Character::isISOControl);
    }

    private static String bounded(String value, int most) throws Refused {
        if (value.isEmpty() || value.length() > most) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return value;
    }

    private static long size(String value) throws Refused {
        if (!SIZE.matcher(value).matches()) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return value.length() > LONG_DIGITS ? Long.MAX_VALUE : Long.parseLong(value);
    }

    private static void checkBody(String value) throws Refused {
        if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
            throw new Refused(Answer.BAD_PARAMETER);
        }
    }

    private static boolean flag(String value) throws Refused {
        if (!value.isEmpty()) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return true;
    }

    private static Envelope.Return ret(String value) throws Refused {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "FULL" -> Envelope.Return.FULL;
            case "HDRS" -> Envelope.Return.HEADERS;
            default -> throw new Refused(Answer.BAD_ARGUMENT);
        };
    }

    private static Set<Notify> notifyOn(String value) throws Refused {
        Set<Notify> result = EnumSet.noneOf(Notify.class);
        try {
            for (String word : value.split(",", -1)) {
                result.add(Notify.valueOf(word.toUpperCase(Locale.ROOT)));
            }
        } catch (IllegalArgumentException unknown) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        if (result.contains(Notify.NEVER) && result.size() > 1) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return result;
    }

    private static String original(String value) throws Refused {
        int semicolon = value.indexOf(';');
        if (semicolon < 0 || !KEYWORD.matcher(value.substring(0, semicolon)).matches()) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        String address = Xtext.decode(value.substring(semicolon + 1));
        String type = value.substring(0, semicolon);
        boolean international = address.chars().anyMatch(c -> c > '~');
        // RFC 6533 section 3: an international address is of this type, whatever the client calls it.
        return (international && type.equalsIgnoreCase("rfc822") ? "utf-8" : type) + ';' + address;
    }
}
