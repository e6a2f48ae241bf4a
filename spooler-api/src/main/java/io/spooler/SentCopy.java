package io.spooler;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of the sender's copy once every recipient is final (R48). It holds what was accepted, not what the
 * preprocessors made of it.
 *
 * <table>
 * <caption>The four fates</caption>
 * <tr><th>folder</th><th>delete</th><th></th></tr>
 * <tr><td>named</td><td>false</td><td>it is filed there</td></tr>
 * <tr><td>null</td><td>true</td><td>nothing is kept</td></tr>
 * <tr><td>null</td><td>false</td><td>it stays where it was: in {@link Mailboxes#OUTBOX}</td></tr>
 * <tr><td>named</td><td>true</td><td>nothing is kept: what would be filed would be deleted at once</td></tr>
 * </table>
 *
 * <p>A message all of whose recipients are cancelled is filed in {@link Mailboxes#DRAFTS} instead, whatever the fate (R15).
 * Outbound hooks may have another target. Filing a copy is no arrival: no {@link SpoolEvent.Arrived} tells of it.
 *
 * @param mailbox whose copy: 1 to 255 characters, no control characters
 * @param folder where to file it, likewise, or null
 * @param delete true to keep none
 */
public record SentCopy(String mailbox, @Nullable String folder, boolean delete) {

    private static final int MAX_NAME = 255;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if a name is empty, too long or holds control characters
     */
    public SentCopy {
        check("mailbox", mailbox);
        if (folder != null) {
            check("folder", folder);
        }
    }

    private static void check(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " must have 1 to 255 characters and no control characters");
        }
    }

    /**
     * A copy in a folder.
     *
     * @param mailbox whose
     * @param folder where
     * @return the wish
     */
    public static SentCopy in(String mailbox, String folder) {
        return new SentCopy(mailbox, folder, false);
    }

    /**
     * Where it is filed when the message was sent.
     *
     * @return a folder, or null if no copy is kept
     */
    public @Nullable String target() {
        return delete ? null : folder == null ? Mailboxes.OUTBOX : folder;
    }
}
