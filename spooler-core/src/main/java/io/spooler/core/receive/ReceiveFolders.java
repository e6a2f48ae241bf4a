package io.spooler.core.receive;

import io.spooler.Mailboxes;
import io.spooler.store.Folders;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The folders that messages go to by their class (R54): the longest prefix decides, in whole words between dots, without
 * regard to case; what none is for goes to the inbox. So a report goes there, too, unless its own class is named.
 *
 * @param rules in any order
 */
public record ReceiveFolders(List<Rule> rules) {

    /** What {@link #parse} reads, for people. */
    public static final String ALLOWED = "CLASS=FOLDER, such as IPM.Note.Urgent=Urgent";

    /**
     * One folder.
     *
     * @param prefix of message classes, in lower case
     * @param folder where they go
     */
    public record Rule(String prefix, String folder) {

        private boolean isFor(String messageClass) {
            return messageClass.startsWith(prefix)
                    && (messageClass.length() == prefix.length() || messageClass.charAt(prefix.length()) == '.');
        }
    }

    /** Copies the list. */
    public ReceiveFolders {
        rules = List.copyOf(rules);
    }

    /**
     * Reads a rule.
     *
     * @param text such as {@code IPM.Note.Urgent=Urgent}
     * @return the rule
     * @throws IllegalArgumentException if it is not as {@link #ALLOWED} says
     */
    public static Rule parse(String text) {
        int equals = text.indexOf('=');
        String prefix = text.substring(0, Math.max(0, equals));
        String folder = text.substring(equals + 1);
        if (prefix.endsWith(".")) {
            throw new IllegalArgumentException(text);
        }
        new Folders.Filing("any", folder, prefix, null, Set.of()); // checks the names
        return new Rule(prefix.toLowerCase(Locale.ROOT), folder);
    }

    String of(String messageClass) {
        String folded = messageClass.toLowerCase(Locale.ROOT);
        return rules.stream()
                .filter(rule -> rule.isFor(folded))
                .max(Comparator.comparingInt(rule -> rule.prefix().length()))
                .map(Rule::folder)
                .orElse(Mailboxes.INBOX);
    }
}
