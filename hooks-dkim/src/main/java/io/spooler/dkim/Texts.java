package io.spooler.dkim;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Text records of the domain name system. Any thread; does not block. */
@FunctionalInterface
interface Texts {

    /**
     * Looks up.
     *
     * @param name in ASCII
     * @return completes with each record, its strings joined, one character for each octet; with none if there is no such name;
     *     exceptionally if that cannot be told at present
     */
    CompletionStage<List<String>> at(String name);
}
