package io.spooler.benchmarks;

/** One program. */
interface Measurement {

    /** What its name is on the command line. */
    String name();

    /** What it measures, in one line. */
    String summary();

    /** Its keys with their defaults, a line each. */
    String keys();

    /**
     * Measures.
     *
     * @param run reads the keys, gives directories, takes the figures
     * @throws Exception if something fails: no figures then
     */
    void measure(Run run) throws Exception;
}
