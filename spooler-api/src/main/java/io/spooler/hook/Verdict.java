package io.spooler.hook;

import io.spooler.store.Folders;
import org.jspecify.annotations.Nullable;

/**
 * What a postprocessor or an outbound hook wants done (R25).
 *
 * @param target where to file it instead, or null to leave that; the last hook wins
 * @param delete true to remove the message; for an outbound hook: to file nothing
 * @param cancel true to run no further hook, and to leave the folder as it is: else the class of a message whose target
 *     is still the inbox decides (R54)
 */
public record Verdict(Folders.@Nullable Filing target, boolean delete, boolean cancel) {

    /** Nothing to change. */
    public static final Verdict CONTINUE = new Verdict(null, false, false);
}
