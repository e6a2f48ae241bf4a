package io.spooler.store.file.content;

import java.io.IOException;
import java.io.Serial;

/** The octets of a content are not the ones that were accepted. */
public final class DamagedContentException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    DamagedContentException(ContentRef ref) {
        super("the content is damaged: the sum of its " + ref.size() + " octets is wrong");
    }
}
