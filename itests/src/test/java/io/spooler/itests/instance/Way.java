package io.spooler.itests.instance;

import io.spooler.testkit.smtp.TestCertificate;

/**
 * Where another mail server stands. Mail for {@code in.test} and {@code refused.test} it hands on to us, under TLS; all
 * other mail to the sink. It refuses {@code eve@out.test}.
 *
 * @param port where it listens
 * @param us our listener for mail from other servers
 * @param sink a server that records
 * @param certificate it shows this one, for 127.0.0.1
 */
record Way(int port, int us, int sink, TestCertificate certificate) {

    /** Fills in a template: {@code @PORT@}, {@code @US@}, {@code @SINK@}, {@code @CERT@} and {@code @KEY@}. */
    String fill(String template) {
        return template.replace("@PORT@", Integer.toString(port))
                .replace("@US@", Integer.toString(us))
                .replace("@SINK@", Integer.toString(sink))
                .replace("@CERT@", certificate.pem().toString())
                .replace("@KEY@", certificate.key().toString());
    }
}
