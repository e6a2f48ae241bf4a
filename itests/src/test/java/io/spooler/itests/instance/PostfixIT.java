package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Path;

/** Postfix. */
class PostfixIT extends MtaContract {

    @Override
    Mta start(Path directory, Way way) throws IOException {
        return Postfix.start(directory, way.port(), way.fill("""
                myhostname = peer.test
                relayhost = [127.0.0.1]:@SINK@
                transport_maps = inline:{ {in.test = smtp:[127.0.0.1]:@US@}, {refused.test = smtp:[127.0.0.1]:@US@} }
                smtpd_recipient_restrictions = check_recipient_access inline:{ {eve@out.test = REJECT not here} }
                smtpd_tls_chain_files = @KEY@, @CERT@
                smtpd_tls_security_level = may
                smtp_tls_policy_maps = inline:{ {[127.0.0.1]:@US@ = encrypt} }
                """));
    }

    @Override
    boolean isInternational() {
        return true;
    }
}
