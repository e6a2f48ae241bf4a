package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.hooks.Rule.Action;
import io.spooler.hooks.Rule.Facts;
import io.spooler.store.Folders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads rules, one a line: {@code CONDITION, … -> ACTION, …}. Words with spaces, commas or {@code #} stand in double
 * quotes, in which {@code \n} is a line break; {@code #} begins a comment. Stars stand for any characters, case does not
 * count.
 */
final class RuleParser {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|(,)|(#.*)|([^\\s,\"#][^\\s,\"]*+))");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmM]?)");
    private static final String CONDITIONS =
            "all, mailbox NAME, sender ADDRESS, header NAME TEXT, larger SIZE or smaller SIZE";
    private static final String ACTIONS = "folder NAME, flag WORD, forward ADDRESS, reply TEXT, discard or stop";
    private static final int KILO = 1024;

    private final int number;

    private RuleParser(int number) {
        this.number = number;
    }

    /**
     * Reads a whole file.
     *
     * @param lines its lines
     * @return the rules, in their order
     * @throws FormatException naming the first wrong line
     */
    static List<Rule> parse(List<String> lines) throws FormatException {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            List<List<String>> parts = new RuleParser(i + 1).parts(lines.get(i));
            if (!parts.isEmpty()) {
                rules.add(new RuleParser(i + 1).rule(parts));
            }
        }
        return List.copyOf(rules);
    }

    /** Words, grouped by commas; the arrow is a group of its own. */
    private List<List<String>> parts(String line) throws FormatException {
        List<List<String>> parts = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Matcher m = TOKEN.matcher(line.strip());
        int end = 0;
        while (m.lookingAt() && m.group(3) == null) {
            boolean arrow = "->".equals(m.group(4));
            if (arrow || m.group(2) != null) {
                parts.add(List.copyOf(words));
                words.clear();
            }
            if (arrow) {
                parts.add(List.of("->"));
            } else if (m.group(2) == null) {
                words.add(m.group(1) == null ? m.group(4) : unquoted(m.group(1)));
            }
            end = m.end();
            m.region(end, m.regionEnd());
        }
        if (end < line.strip().length() && !m.lookingAt()) {
            throw wrong("a quote is not closed");
        }
        if (!words.isEmpty() || !parts.isEmpty()) {
            parts.add(List.copyOf(words));
        }
        return parts;
    }

    private static String unquoted(String text) {
        return text.replace("\\n", "\n").replaceAll("\\\\(.)", "$1");
    }

    private Rule rule(List<List<String>> parts) throws FormatException {
        int arrow = parts.indexOf(List.of("->"));
        if (arrow < 1) {
            throw wrong("must be CONDITION, ... -> ACTION, ...");
        }
        List<Predicate<Facts>> conditions = new ArrayList<>();
        for (List<String> words : parts.subList(0, arrow)) {
            conditions.add(condition(words));
        }
        List<Action> actions = new ArrayList<>();
        for (List<String> words : parts.subList(arrow + 1, parts.size())) {
            actions.add(action(words));
        }
        return new Rule(conditions, actions);
    }

    private FormatException wrong(String what) {
        return new FormatException(number, what);
    }

    private static String word(List<String> words, int index) {
        return index >= 0 && index < words.size() ? words.get(index) : "";
    }

    private Predicate<Facts> condition(List<String> words) throws FormatException {
        String value = word(words, words.size() - 1).toLowerCase(Locale.ROOT);
        String form = word(words, 0) + "/" + words.size();
        return switch (form) {
            case "all/1" -> facts -> true;
            case "mailbox/2" -> facts -> matches(value, facts.message().target().mailbox());
            case "sender/2" -> facts -> matches(value, sender(facts));
            case "header/3" -> {
                String name = words.get(1);
                yield facts ->
                        facts.header().all(name).stream().anyMatch(body -> matches(value, MailHeader.decoded(body)));
            }
            case "larger/2" -> {
                long size = size(value);
                yield facts -> facts.message().content().size() > size;
            }
            case "smaller/2" -> {
                long size = size(value);
                yield facts -> facts.message().content().size() < size;
            }
            default -> throw wrong(Reply.clean(String.join(" ", words)) + " is no condition; allowed is " + CONDITIONS);
        };
    }

    private static boolean matches(String glob, String text) {
        return AddressPattern.matches(glob, text.toLowerCase(Locale.ROOT));
    }

    private static String sender(Facts facts) {
        Address sender = facts.message().target().sender();
        return sender == null ? "<>" : sender.type().equals(Address.SMTP) ? sender.value() : sender.toString();
    }

    private long size(String text) throws FormatException {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            throw wrong(Reply.clean(text) + " is no size; allowed is a number, k or M may follow");
        }
        long factor = m.group(2).isEmpty() ? 1 : m.group(2).equalsIgnoreCase("k") ? KILO : KILO * KILO;
        return Long.parseLong(m.group(1)) * factor;
    }

    private Action action(List<String> words) throws FormatException {
        String value = word(words, words.size() - 1);
        return switch (word(words, 0) + "/" + words.size()) {
            case "folder/2" -> new Rule.Folder(folder(value));
            case "flag/2" -> new Rule.Flag(flag(value));
            case "forward/2" -> new Rule.ForwardTo(address(value));
            case "reply/2" -> new Rule.Answer(value);
            case "discard/1" -> new Rule.Discard();
            case "stop/1" -> new Rule.Stop();
            default -> throw wrong(Reply.clean(String.join(" ", words)) + " is no action; allowed is " + ACTIONS);
        };
    }

    private String folder(String name) throws FormatException {
        try {
            return new Folders.Filing("any", name, "any", null, Set.of()).folder();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Address address(String text) throws FormatException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("forward " + Reply.clean(text) + ": " + e.getMessage());
        }
    }

    private String flag(String word) throws FormatException {
        if (word.startsWith(Mailboxes.REASON.strip()) || word.chars().anyMatch(Character::isISOControl)) {
            throw wrong("that flag is not for rules");
        }
        return Arrays.stream(new String[] {"Seen", "Answered", "Flagged", "Deleted", "Draft"})
                .filter(word::equalsIgnoreCase)
                .findFirst()
                .map(name -> "\\" + name)
                .orElse(word);
    }
}
