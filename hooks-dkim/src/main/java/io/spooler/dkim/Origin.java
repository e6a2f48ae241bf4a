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
 * knows that id before; so the topmost line with it is true.
 */
enum Origin {
    /** Somebody of ours wrote it: a program here, one who has logged in, a client of our networks. */
    OURS,
    /** A stranger brought it. */
    STRANGER,
    /** It came from elsewhere before, and was sent on by a rule or by hand. */
    PASSED_ON;

    private static final Pattern TRACE =
            Pattern.compile("from \\S+ \\(\\[(?:IPv6:)?([0-9A-Fa-f:.]+)\\]\\) by \\S+ with ([A-Z0-9]+) id (\\w+);.*");

    /**
     * Tells.
     *
     * @param header of the message, with what hooks have put in front
     * @param id of the message
     * @param networks whose clients are ours
     * @return where it comes from
     */
    static Origin of(Header header, SpoolId id, List<Network> networks) {
        List<Field> received = header.all("received");
        Optional<String> own = received.stream()
                .map(field -> Field.collapse(field.value()))
                .filter(value -> value.contains(" id " + id + ";"))
                .findFirst();
        if (own.isPresent()) {
            Matcher trace = TRACE.matcher(own.get());
            if (trace.matches() && trace.group(3).equals(id.toString())) {
                return trace.group(2).endsWith("A") || isOurs(trace.group(1), networks) ? OURS : STRANGER;
            }
        }
        return received.size() > (own.isPresent() ? 1 : 0) ? PASSED_ON : OURS;
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
