package io.spooler.smtp.client;

import java.util.concurrent.CompletionStage;

/** Fetches policies. Any thread; does not block. */
@FunctionalInterface
interface StsFetch {

    /**
     * Fetches one.
     *
     * @param domain whose
     * @return completes with its text; exceptionally if it cannot be had
     */
    CompletionStage<String> get(String domain);
}
