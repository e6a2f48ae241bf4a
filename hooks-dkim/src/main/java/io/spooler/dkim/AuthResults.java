package io.spooler.dkim;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes and recognizes the field Authentication-Results (RFC 8601). Pure.
 *
 * @param host who says it: the authserv-id
 */
record AuthResults(String host) {

    private static final String NAME = "Authentication-Results";
    private static final int PREFIX = 8;
    /** Neither encoded (RFC 2047) nor with an octet that readers may pass over. */
    private static final Pattern PLAIN = Pattern.compile("(?!.*=\\?)[!-~]+");

    /** The field, ended by CRLF. */
    String field(List<Finding> findings) {
        return NAME + ": " + host + ";\r\n\t"
                + findings.stream().map(AuthResults::one).collect(Collectors.joining(";\r\n\t")) + "\r\n";
    }

    private static String one(Finding finding) {
        String said =
                "dkim=" + finding.result().word() + (finding.reason().isEmpty() ? "" : " (" + finding.reason() + ")");
        Mark mark = finding.mark();
        if (mark == null) {
            return said;
        }
        String signature = mark.signature();
        // RFC 6008: enough of it to tell which of several signatures is meant.
        return said + "\r\n\t header.d=" + mark.domain() + " header.s=" + mark.selector() + " header.a="
                + mark.algorithm().word() + " header.b=\""
                + signature.substring(0, Math.min(PREFIX, signature.length())) + '"';
    }

    /**
     * Whether a field claims to be ours (RFC 8601 section 5). One whose name of a system cannot be read for certain does: a reader
     * who takes things less exactly may find ours in it.
     */
    boolean isOurs(Field field) {
        if (!field.name().equals(NAME.toLowerCase(Locale.ROOT))) {
            return false;
        }
        String value = Field.collapse(Comments.strip(field.value()));
        int semicolon = value.indexOf(';');
        String id = semicolon < 0 ? value : value.substring(0, semicolon);
        // A version may follow the name; a quoted name is the same name.
        String name = id.replace("\"", "").replace("\\", "").split("[ /]", 2)[0];
        return name.equalsIgnoreCase(host) || !PLAIN.matcher(name).matches();
    }
}
