package io.spooler.store.file.journal;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from a broken one: Java has no error numbers, only the system's words for them. */
public final class NoSpace {

    private NoSpace() {}

    /**
     * Looks at a failure and its causes.
     *
     * @param failure may be null
     * @return true if the disk, or this user's part of it, is full (ENOSPC, EDQUOT), and no force failed by it: then
     *     octets that the file system had taken may be lost
     */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ForceFailedException) {
                return false;
            }
            if (e instanceof IOException && says(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(String message) {
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
