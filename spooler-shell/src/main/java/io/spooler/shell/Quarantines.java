package io.spooler.shell;

import io.spooler.Content;
import io.spooler.Reply;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.StoreMaintenance.Quarantined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What several stores have put aside. A name means one thing in all of them, or is refused. Any thread. */
final class Quarantines {

    private Quarantines() {}

    static String list(Map<String, StoreMaintenance> stores, boolean json) throws IOException {
        Table table = new Table("STORE", "NAME", "SIZE", "WHEN", "WHAT");
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Map.Entry<String, StoreMaintenance> store : stores.entrySet()) {
            for (Quarantined item : store.getValue().quarantine()) {
                table.row(store.getKey(), item.name(), item.size(), Texts.time(item.when()), item.text());
                maps.add(json(store.getKey(), item));
            }
        }
        if (json) {
            return Json.write(maps);
        }
        return maps.isEmpty() ? "Nothing is in quarantine." : table.toString();
    }

    private static Map<String, Object> json(String store, Quarantined item) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("store", store);
        map.put("name", item.name());
        map.put("size", item.size());
        map.put("when", item.when().toString());
        map.put("text", item.text());
        return map;
    }

    private static StoreMaintenance holder(Map<String, StoreMaintenance> stores, String name) throws IOException {
        Map<String, StoreMaintenance> holders = new LinkedHashMap<>();
        for (Map.Entry<String, StoreMaintenance> store : stores.entrySet()) {
            if (store.getValue().quarantine().stream()
                    .anyMatch(item -> item.name().equals(name))) {
                holders.put(store.getKey(), store.getValue());
            }
        }
        if (holders.size() > 1) {
            throw new IllegalArgumentException("several stores have " + Reply.clean(name)
                    + "; choose one with --store: " + Reply.clean(String.join(", ", holders.keySet())));
        }
        return holders.values().stream().findFirst().orElseThrow(() -> unknown(name));
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "nothing in quarantine has the name " + Reply.clean(name) + ", see: store quarantine");
    }

    static Content content(Map<String, StoreMaintenance> stores, String name) throws IOException {
        return holder(stores, name).quarantined(name).orElseThrow(() -> unknown(name));
    }

    static String drop(Map<String, StoreMaintenance> stores, String name) throws IOException {
        if (!holder(stores, name).drop(name)) {
            throw unknown(name);
        }
        return Reply.clean(name) + " dropped";
    }
}
