package io.spooler.admin;

import io.spooler.Reply;
import io.spooler.admin.Filter.Field;
import io.spooler.admin.Filter.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes the text of a filter apart; what the parts mean is known to {@link FilterText}. One thread. */
final class FilterReader {

    /** Selects everything. */
    static final String ALL = "all";

    private static final int MOST_CHARACTERS = 100_000;
    private static final int MOST_TERMS = 100;
    private static final int SHOWN = 80;

    private final String text;
    private int at;
    private int begin;

    FilterReader(String text) {
        this.text = text;
    }

    Filter read() {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a filter has at most " + MOST_CHARACTERS + " characters");
        }
        List<Term> terms = new ArrayList<>();
        for (skipSpace(); at < text.length(); skipSpace()) {
            begin = at;
            term().ifPresent(terms::add);
            if (terms.size() > MOST_TERMS) {
                throw new IllegalArgumentException("a filter has at most " + MOST_TERMS + " terms");
            }
        }
        return new Filter(terms);
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Empty for the word {@code all}. */
    private Optional<Term> term() {
        boolean negated = text.charAt(at) == '-' || text.charAt(at) == '!';
        at += negated ? 1 : 0;
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        boolean ends = at == text.length() || Character.isWhitespace(text.charAt(at));
        if (ends && !negated && word.equalsIgnoreCase(ALL)) {
            return Optional.empty();
        }
        Field field = field(word);
        char operator = ends ? ' ' : text.charAt(at++);
        if (operator != ':' && operator != '>' && operator != '<') {
            throw wrong(unknown());
        }
        List<String> values = values();
        try {
            return Optional.of(new Term(negated, FilterText.test(field, operator, values)));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Field field(String word) {
        return Arrays.stream(Field.values())
                .filter(field -> field.toString().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> wrong(unknown()));
    }

    private static String unknown() {
        return "not a term; allowed are "
                + Arrays.stream(Field.values()).map(FilterText::usage).collect(Collectors.joining(" "))
                + ", with - in front for not";
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        do {
            values.add(value());
        } while (at < text.length() && text.charAt(at++) == ',');
        return values;
    }

    /** Up to a comma or a space; quoted and plain pieces may stand side by side. */
    private String value() {
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        while (at < text.length() && (quoted || !ends(text.charAt(at)))) {
            char c = text.charAt(at++);
            boolean taken = quoted && c == '\\' && at < text.length();
            c = taken ? text.charAt(at++) : c;
            if (Character.isISOControl(c)) {
                throw wrong("holds a control character");
            } else if (c == '"' && !taken) {
                quoted = !quoted;
            } else {
                value.append(c);
            }
        }
        if (quoted) {
            throw wrong("a quote is not closed");
        }
        return value.toString();
    }

    private static boolean ends(char c) {
        return c == ',' || Character.isWhitespace(c);
    }

    /** Names the term as it was typed. */
    private IllegalArgumentException wrong(String reason) {
        int end = begin;
        while (end < text.length() && end - begin < SHOWN && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return new IllegalArgumentException(Reply.clean(text.substring(begin, end)) + ": " + reason);
    }
}
