package io.spooler.smtp.client;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the servers of one destination. Any thread; does not block. */
interface Finder {

    /**
     * Asked for each connection.
     *
     * @return completes with at least one, the first to be tried first; exceptionally with {@link Unroutable} if there is
     *     none
     */
    CompletionStage<List<Endpoint>> find();
}
