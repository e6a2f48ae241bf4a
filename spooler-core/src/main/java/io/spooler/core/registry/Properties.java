package io.spooler.core.registry;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads service properties, whatever form their provider gave them. */
record Properties(Map<String, ?> map) {

    private static final String ID = "service.id";
    private static final String RANKING = "service.ranking";
    private static final String PID = "service.pid";
    private static final String COMPONENT = "component.name";

    long id() {
        return map.get(ID) instanceof Long id ? id : 0L;
    }

    int ranking() {
        return map.get(RANKING) instanceof Integer ranking ? ranking : 0;
    }

    String name(String key) {
        Object value = map.get(key);
        return value == null || value.toString().isBlank()
                ? "service-" + id()
                : value.toString().strip();
    }

    List<String> list(String key) {
        Object value = map.get(key);
        if (value instanceof Object[] array) {
            return Arrays.stream(array).map(String::valueOf).toList();
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    /** Names that its configurations may have. */
    List<String> pids() {
        List<String> pids = list(PID);
        return pids.isEmpty() ? list(COMPONENT) : pids;
    }

    long number(String key, long absent) {
        return map.get(key) instanceof Number number ? number.longValue() : absent;
    }
}
