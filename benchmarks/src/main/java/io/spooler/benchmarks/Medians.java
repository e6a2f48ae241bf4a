package io.spooler.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What several rounds have in common. */
final class Medians {

    private Medians() {}

    /** The median of a figure; 0 of nothing. */
    static <T> double of(Collection<T> rounds, ToDoubleFunction<T> figure) {
        List<Double> sorted =
                rounds.stream().map(figure::applyAsDouble).sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static <T> double least(Collection<T> rounds, ToDoubleFunction<T> figure) {
        return rounds.stream().mapToDouble(figure).min().orElse(0);
    }

    static <T> double most(Collection<T> rounds, ToDoubleFunction<T> figure) {
        return rounds.stream().mapToDouble(figure).max().orElse(0);
    }
}
