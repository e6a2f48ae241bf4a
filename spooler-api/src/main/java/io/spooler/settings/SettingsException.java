package io.spooler.settings;

import java.util.List;

/** Settings were refused; the former ones stay. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Refuses.
     *
     * @param problems one sentence per wrong key: file, key, value, what is allowed
     */
    public SettingsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * What was wrong.
     *
     * @return one sentence per wrong key
     */
    public List<String> problems() {
        return problems;
    }
}
