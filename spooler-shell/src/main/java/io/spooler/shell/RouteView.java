package io.spooler.shell;

import io.spooler.Recipient;
import io.spooler.admin.SpoolAdmin.Hop;
import java.util.List;

/** Shows a route for people. Pure. */
final class RouteView {

    private RouteView() {}

    /**
     * Who would be asked, in order, and who would not.
     *
     * @param recipient whose route
     * @param size octets of the message, or 0
     * @param hops the route
     * @return two tables at most
     */
    static String text(Recipient recipient, long size, List<Hop> hops) {
        List<Hop> asked = hops.stream().filter(Hop::asked).toList();
        List<Hop> others = hops.stream().filter(hop -> !hop.asked()).toList();
        String route = asked.isEmpty() ? nobody(recipient, size) : asked(asked);
        return others.isEmpty() ? route : route + "\n\n" + others(others);
    }

    private static String nobody(Recipient recipient, long size) {
        String address = new Table(recipient.address()).toString();
        return size > 0
                ? "No transport carries " + address + " with " + Texts.count(size, "octet") + " at present."
                : "No transport carries " + address + " at present; it would be WAITING for one.";
    }

    private static String asked(List<Hop> hops) {
        Table table = new Table("TRANSPORT", "BECAUSE OF", "LANE", "NOTE");
        hops.forEach(hop -> table.row(hop.transport(), hop.why(), hop.lane(), hop.note()));
        return table.toString();
    }

    private static String others(List<Hop> hops) {
        Table table = new Table("NOT ASKED", "BECAUSE", "NOTE");
        hops.forEach(hop -> table.row(hop.transport(), hop.why(), hop.note()));
        return table.toString();
    }
}
