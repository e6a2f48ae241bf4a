package io.spooler.transport;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Supplies the access tokens with which a transport logs in where passwords are not taken any more (OAuth 2.0, RFC 6749;
 * XOAUTH2 in mail). Register as a service with {@link #NAME}; settings of transports refer to that name. Any thread.
 */
@ConsumerType
public interface TokenSupplier {

    /** Service property, String, required: the name that settings refer to. */
    String NAME = "spooler.token.name";

    /**
     * A token that is valid now. Asked for each connection: keeping and renewing is the supplier's own matter. Must not
     * block.
     *
     * @param user who logs in, as the settings say
     * @return completes with the token, which is never logged; exceptionally if there is none, which counts as a temporary
     *     obstacle
     */
    CompletionStage<String> token(String user);
}
