package io.spooler.store.file.maintain;

import io.spooler.store.StoreCheck;
import io.spooler.store.StoreCheck.Problem;
import java.util.ArrayList;
import java.util.List;

/** What is not well, the first of it one by one. One thread. */
final class Problems {

    private final List<Problem> first = new ArrayList<>();
    private long more;

    void add(String where, String what) {
        if (first.size() < StoreCheck.MOST_PROBLEMS) {
            first.add(new Problem(where, what));
        } else {
            more++;
        }
    }

    List<Problem> first() {
        return first;
    }

    long more() {
        return more;
    }
}
