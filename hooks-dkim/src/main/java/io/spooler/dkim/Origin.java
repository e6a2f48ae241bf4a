package io.spooler.dkim;

import io.spooler.SpoolId;
import io.spooler.settings.Network;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a message comes from. A listener puts a Received line in front of what it takes (RFC 5321 section 4.4), with the
 * client's address, with the protocol, which says whether somebody has logged in (RFC 3848), and with the spool id. No client
 * knows that id before; so the topmost line with it is true. But what a client sends may begin with a continuation of that line,
 * so it is read from its beginning, and what stands behind the date may be anything. A line with the id that is neither the
 * listener's nor that of what a program has submitted is taken for a stranger's.
 */
enum Origin {
    /** Somebody of ours wrote it: a program here, one who has logged in, a client of our networks. */
    OURS,
    /** A stranger brought it. */
    STRANGER,
    /** It came from elsewhere before, and was sent on by a rule or by hand. */
    PASSED_ON;

    private static final Pattern BROUGHT = Pattern.compile(
            "from \\S+ \\(\\[(?:IPv6:)?([0-9A-Fa-f:.]+)\\]\\) by \\S+ with ([A-Z0-9]+) id (\\w+);.*", Pattern.DOTALL);
    private static final Pattern SUBMITTED =
            Pattern.compile("by \\S+ \\(Spooler\\) with LOCAL id (\\w+);.*", Pattern.DOTALL);

    /**
     * Tells.
     *
     * @param header of the message, with what hooks have put in front
     * @param id of the message
     * @param networks whose clients are ours
     * @return where it comes from
     */
    static Origin of(Header header, SpoolId id, List<Network> networks) {
        List<String> received = header.all("received").stream()
                .map(field -> Field.collapse(field.value()))
                .toList();
        Optional<String> own = received.stream()
                .filter(value -> value.contains(" id " + id + ";"))
                .findFirst();
        if (own.isEmpty()) {
            return received.isEmpty() ? OURS : PASSED_ON;
        }
        Matcher submitted = SUBMITTED.matcher(own.get());
        if (submitted.matches() && submitted.group(1).equals(id.toString())) {
            return received.size() == 1 ? OURS : PASSED_ON;
        }
        Matcher brought = BROUGHT.matcher(own.get());
        boolean whole = brought.matches() && brought.group(3).equals(id.toString());
        return whole && (brought.group(2).endsWith("A") || isOurs(brought.group(1), networks)) ? OURS : STRANGER;
    }

    private static boolean isOurs(String client, List<Network> networks) {
        try {
            var address = Network.address(client);
            return networks.stream().anyMatch(network -> network.contains(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
