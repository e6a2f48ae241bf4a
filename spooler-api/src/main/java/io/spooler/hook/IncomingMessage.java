package io.spooler.hook;

import io.spooler.Content;
import io.spooler.SpoolId;
import io.spooler.store.Folders;

/**
 * What a postprocessor sees.
 *
 * @param id that the message will have
 * @param transport name of the transport that brought it
 * @param target where it will be filed unless the hook says otherwise
 * @param content readable until {@code process} returns
 */
public record IncomingMessage(SpoolId id, String transport, Folders.Filing target, Content content) {}
