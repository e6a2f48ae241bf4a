package io.spooler.dkim;

import java.util.HashMap;
import java.util.Map;

/**
 * A list of tags (RFC 6376 section 3.2): {@code a=1; b=2}.
 *
 * @param values by their names
 */
record Tags(Map<String, String> values) {

    /**
     * Reads it.
     *
     * @param text the list, folded perhaps
     * @param broken what is to be said if it is none
     * @throws Rejection if it is none
     */
    static Tags parse(String text, Result broken) throws Rejection {
        Map<String, String> values = new HashMap<>();
        for (String part : text.split(";", -1)) {
            String tag = Field.collapse(part);
            int equals = tag.indexOf('=');
            if (tag.isEmpty()) {
                continue; // Behind the last semicolon.
            }
            String name = equals < 0 ? "" : tag.substring(0, equals).strip();
            if (!name.matches("[A-Za-z][A-Za-z0-9_]*")
                    || values.put(name, tag.substring(equals + 1).strip()) != null) {
                throw new Rejection(broken, "no list of tags");
            }
        }
        return new Tags(values);
    }

    /** The value of a tag. */
    String get(String name, String absent) {
        return values.getOrDefault(name, absent);
    }

    /** The value of a tag in which white space means nothing. */
    String compact(String name, String absent) {
        return get(name, absent).replace(" ", "");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
