package io.spooler.dkim;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a DKIM-Signature field says (RFC 6376 section 3.5), checked as far as that goes without the key.
 *
 * @param field as it stands in the message
 * @param algorithm how it was made
 * @param domain who signed
 * @param identity in whose name: a domain, that one or below it
 * @param selector names the key
 * @param names of the signed fields, in lower case
 * @param relaxedHeader how the header was written
 * @param relaxedBody how the body was written
 * @param length octets of the body that it covers, or {@link BodyHash#ALL}
 * @param bodyHash hash of them, in base64
 * @param signature the signature itself, in base64
 * @param expires in seconds since 1970, or the largest number
 */
record Mark(
        Field field,
        Algorithm algorithm,
        String domain,
        String identity,
        String selector,
        List<String> names,
        boolean relaxedHeader,
        boolean relaxedBody,
        long length,
        String bodyHash,
        String signature,
        long expires) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    /** The value of {@code b}, wherever it stands; {@code bh} is another tag. */
    private static final Pattern VALUE = Pattern.compile("(^|;)([ \\t\\r\\n]*b[ \\t\\r\\n]*=)[^;]*");

    private static final int MOST_DIGITS = 12;

    static boolean isHost(String text) {
        return HOST.matcher(text).matches();
    }

    /**
     * Reads one.
     *
     * @param field the field
     * @param tags what it says
     * @throws Rejection if it cannot hold, whatever the key is
     */
    static Mark parse(Field field, Tags tags) throws Rejection {
        for (String name : List.of("v", "a", "b", "bh", "d", "h", "s")) {
            require(tags.has(name), "no tag " + name);
        }
        require(tags.get("v", "").equals("1"), "not version 1");
        require(List.of(tags.compact("q", "dns/txt").split(":")).contains("dns/txt"), "a key that is not in the DNS");
        String domain = tags.compact("d", "");
        String identity = identity(tags, domain);
        String[] ways = tags.compact("c", "simple").toLowerCase(Locale.ROOT).split("/", 2);
        List<String> names =
                Arrays.asList(tags.compact("h", "").toLowerCase(Locale.ROOT).split(":"));
        require(names.contains("from"), "From is not signed");
        return new Mark(
                field,
                algorithm(tags),
                domain,
                identity,
                host(tags.compact("s", "")),
                names,
                relaxed(ways[0]),
                ways.length == 2 && relaxed(ways[1]),
                tags.has("l") ? number(tags.get("l", "")) : BodyHash.ALL,
                base64(tags.compact("bh", "")),
                base64(tags.compact("b", "")),
                tags.has("x") ? number(tags.get("x", "")) : Long.MAX_VALUE);
    }

    private static Algorithm algorithm(Tags tags) throws Rejection {
        String word = tags.compact("a", "");
        if (word.equalsIgnoreCase("rsa-sha1")) {
            throw new Rejection(Result.POLICY, "SHA-1 proves nothing");
        }
        return Algorithm.of(word).orElseThrow(() -> new Rejection(Result.NEUTRAL, "unknown algorithm"));
    }

    private static String identity(Tags tags, String domain) throws Rejection {
        host(domain);
        String whole = tags.compact("i", "@" + domain);
        String identity = whole.substring(whole.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        String lower = domain.toLowerCase(Locale.ROOT);
        require(identity.equals(lower) || identity.endsWith("." + lower), "signed in another domain's name");
        return identity;
    }

    private static void require(boolean holds, String otherwise) throws Rejection {
        if (!holds) {
            throw new Rejection(Result.NEUTRAL, otherwise);
        }
    }

    private static String host(String text) throws Rejection {
        require(isHost(text), "no name of a host");
        return text;
    }

    private static boolean relaxed(String way) throws Rejection {
        require(way.equals("relaxed") || way.equals("simple"), "unknown canonicalization");
        return way.equals("relaxed");
    }

    private static long number(String text) throws Rejection {
        require(text.matches("\\d{1," + MOST_DIGITS + "}"), "no number");
        return Long.parseLong(text);
    }

    private static String base64(String text) throws Rejection {
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Result.NEUTRAL, "no base64");
        }
    }

    /** The field without the signature itself, as it was signed. */
    Field unsigned() {
        int colon = field.text().indexOf(':') + 1;
        String value = VALUE.matcher(field.value()).replaceFirst("$1$2");
        return new Field(field.name(), field.text().substring(0, colon) + value);
    }

    boolean isExpired(Instant now) {
        return now.getEpochSecond() > expires;
    }
}
