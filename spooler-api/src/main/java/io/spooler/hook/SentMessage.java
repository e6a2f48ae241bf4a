package io.spooler.hook;

import io.spooler.Content;
import io.spooler.MessageStatus;
import io.spooler.store.Folders;
import org.jspecify.annotations.Nullable;

/**
 * What an outbound hook sees.
 *
 * @param status the last ledger: every recipient is final
 * @param target where the sender's copy will be filed unless the hook says otherwise, or null for nowhere
 * @param content as accepted, without what preprocessors changed; readable until {@code process} returns
 */
public record SentMessage(MessageStatus status, Folders.@Nullable Filing target, Content content) {}
