package io.spooler.core.registry;

import java.util.Comparator;

/** A service with the standard order: higher ranking first, then lower service id (R30). */
interface Ranked {

    Comparator<Ranked> ORDER = Comparator.comparing(Ranked::ranking).reversed().thenComparing(Ranked::id);

    long id();

    int ranking();
}
