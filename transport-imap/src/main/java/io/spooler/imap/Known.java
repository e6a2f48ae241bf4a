package io.spooler.imap;

import io.spooler.Origins;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException;
import io.spooler.imap.Remote.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a remote mailbox have come in before. The store knows them by their {@link Origin}.
 *
 * <p>When UIDVALIDITY changes, the server has given other ids to all of its messages. Then the header of each is fetched,
 * and one whose print is that of a message known under a former id is known from now on by the new one; of several with
 * equal prints as many as were known before. What was known under former ids is forgotten when all have been looked at: so
 * a restart in between looks again, and comes to the same.
 *
 * <p>Blocks for the network and the store. One thread; for one round.
 */
final class Known {

    /** What the id of a whole message ends with whose header has come before. */
    static final String WHOLE = " whole";

    private final Origins origins;
    private final String source;
    private final Map<String, Origin> byId = new HashMap<>();
    private final Map<String, Integer> former = new HashMap<>();
    private final List<String> formerIds = new ArrayList<>();

    private Known(Origins origins, String source) {
        this.origins = origins;
        this.source = source;
    }

    /**
     * Reads what is known, and forgets what is not on the server any more.
     *
     * @param origins of the store
     * @param source the remote mailbox
     * @param era what present ids begin with
     * @param items all that is there
     * @param again whether messages are known again when ids have changed; if not, they come again
     * @return for one round
     */
    static Known of(Origins origins, String source, String era, List<Item> items, boolean again) throws SpoolException {
        Known known = new Known(origins, source);
        Set<String> listed = new HashSet<>();
        items.forEach(item -> listed.add(item.id()));
        List<String> gone = new ArrayList<>();
        for (Origin origin : origins.of(source)) {
            if (again && !origin.id().startsWith(era)) {
                known.formerIds.add(origin.id());
                known.former.merge(origin.print(), 1, Integer::sum);
            } else if (listed.contains(origin.id().replace(WHOLE, ""))) {
                known.byId.put(origin.id(), origin);
            } else {
                gone.add(origin.id());
            }
        }
        known.byId.values().forEach(origin -> known.found(origin.print()));
        origins.forget(source, gone);
        return known;
    }

    /** One of those that had this print is accounted for. */
    private void found(String print) {
        former.computeIfPresent(print, (key, count) -> count > 1 ? count - 1 : null);
    }

    /**
     * Looks one up.
     *
     * @param remote asked for the header if ids have changed
     * @param item which
     * @return how it is known, or null
     */
    @Nullable
    Origin find(Remote remote, Item item) throws IOException, SpoolException {
        Origin origin = byId.get(item.id());
        if (origin != null || former.isEmpty()) {
            return origin;
        }
        String print = print(remote, item);
        if (!former.containsKey(print)) {
            return null;
        }
        Origin renamed = new Origin(source, item.id(), print);
        origins.remember(renamed);
        found(print);
        return renamed;
    }

    /** Whether more of it than the header has come. */
    boolean isWhole(Item item) {
        return byId.containsKey(item.id() + WHOLE);
    }

    /** Whether it is known by its present id. */
    boolean has(Item item) {
        return byId.containsKey(item.id());
    }

    /** Fetches the header. */
    static String print(Remote remote, Item item) throws IOException {
        Print print = new Print();
        remote.header(item, print);
        return print.text();
    }

    /** It may come again. */
    void forget(List<String> ids) throws SpoolException {
        origins.forget(source, ids);
    }

    /** All messages have been looked at: former ids mean nothing any more. */
    void complete() throws SpoolException {
        origins.forget(source, formerIds);
    }
}
