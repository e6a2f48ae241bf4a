package io.spooler.dkim;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Reads key records (RFC 6376 section 3.6.1). Pure. */
final class KeyRecord {

    private KeyRecord() {}

    /**
     * The key for a signature.
     *
     * @param texts the text records at its name
     * @param mark the signature
     * @return the key
     * @throws Rejection if there is none that may be used for it
     */
    static PublicKey key(List<String> texts, Mark mark) throws Rejection {
        if (texts.isEmpty()) {
            throw new Rejection(Result.PERMERROR, "no key");
        }
        Tags tags = Tags.parse(texts.get(0), Result.PERMERROR);
        require(tags.get("v", "DKIM1").equals("DKIM1"), "no key record");
        require(tags.compact("k", "rsa").equalsIgnoreCase(mark.algorithm().keyType()), "a key of another type");
        require(!tags.has("h") || words(tags, "h").contains("sha256"), "a key for another hash");
        List<String> services = words(tags, "s");
        require(!tags.has("s") || services.contains("*") || services.contains("email"), "a key not for mail");
        require(
                !words(tags, "t").contains("s") || mark.identity().equalsIgnoreCase(mark.domain()),
                "a key not for subdomains");
        return read(tags, mark.algorithm());
    }

    private static List<String> words(Tags tags, String name) {
        return Arrays.asList(tags.compact(name, "").toLowerCase(Locale.ROOT).split(":"));
    }

    private static PublicKey read(Tags tags, Algorithm algorithm) throws Rejection {
        String text = tags.compact("p", "");
        require(tags.has("p") && !text.isEmpty(), "the key was revoked");
        PublicKey key;
        try {
            key = algorithm.key(Base64.getDecoder().decode(text));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Rejection(Result.PERMERROR, "no key that can be read");
        }
        if (Algorithm.isWeak(key)) {
            throw new Rejection(Result.POLICY, "a key of less than " + Algorithm.LEAST_BITS + " bits");
        }
        return key;
    }

    private static void require(boolean holds, String otherwise) throws Rejection {
        if (!holds) {
            throw new Rejection(Result.PERMERROR, otherwise);
        }
    }
}
