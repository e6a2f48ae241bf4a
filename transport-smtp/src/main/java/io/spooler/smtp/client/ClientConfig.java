package io.spooler.smtp.client;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Describes the settings to tools; {@link ClientSettings} reads and checks them. */
@ObjectClassDefinition(name = "Spooler SMTP client", description = "Carries mail by SMTP or LMTP.")
@SuppressWarnings("MemberName") // Two underscores stand for one in the name of the setting.
@interface ClientConfig {

    @AttributeDefinition(
            description = "The server, or several in their order: HOST, HOST:PORT; HOST*3|HOST takes turns",
            required = false)
    String[] host() default {};

    @AttributeDefinition(description = "Carries mail to the mail exchangers of its domains; host is not set then")
    boolean direct() default false;

    @AttributeDefinition(description = "Most connections to one destination, for direct", min = "1", max = "1000")
    int destination__concurrency() default 5;

    @AttributeDefinition(
            description = "Name servers to ask for direct, ADDRESS or ADDRESS:PORT; those of this machine if not set",
            required = false)
    String[] dns() default {};

    @AttributeDefinition(
            description = "Believes name servers on other machines what they say of DNSSEC, for tls=dane and dane_only")
    boolean dns__trusted() default false;

    @AttributeDefinition(
            description = "If not set 25 for SMTP, 24 for LMTP, 465 with tls_implicit",
            min = "1",
            max = "65535")
    int port() default 25;

    @AttributeDefinition(
            description = "LMTP is for a server that stores into mailboxes",
            options = {@Option(value = "smtp", label = "SMTP"), @Option(value = "lmtp", label = "LMTP")})
    String protocol() default "smtp";

    @AttributeDefinition(description = "Mail addresses it is for: * or patterns such as *@example.org")
    String[] patterns() default "*";

    @AttributeDefinition(description = "The higher, the earlier it is asked")
    int ranking() default 0;

    @AttributeDefinition(description = "Most connections at a time; 200 for direct if not set", min = "1", max = "1000")
    int concurrency() default 20;

    @AttributeDefinition(
            description =
                    "Encryption: never, if offered, always, always and with a trusted certificate, as MTA-STS or DANE has it",
            options = {
                @Option(value = "none", label = "none"),
                @Option(value = "may", label = "may"),
                @Option(value = "encrypt", label = "encrypt"),
                @Option(value = "verify", label = "verify"),
                @Option(value = "sts", label = "sts"),
                @Option(value = "dane", label = "dane"),
                @Option(value = "dane_only", label = "dane_only")
            })
    String tls() default "may";

    @AttributeDefinition(description = "File of certificates to trust, PEM; those of Java if not set", required = false)
    String tls__ca() default "";

    @AttributeDefinition(description = "TLS from the first octet, without STARTTLS")
    boolean tls__implicit() default false;

    @AttributeDefinition(description = "File of our own certificate and its chain, PEM", required = false)
    String tls__certificate() default "";

    @AttributeDefinition(description = "File of the key of our own certificate, PKCS#8 in PEM", required = false)
    String tls__key() default "";

    @AttributeDefinition(type = AttributeType.PASSWORD, required = false)
    String tls__key__password() default "";

    @AttributeDefinition(description = "Log-in name", required = false)
    String user() default "";

    @AttributeDefinition(type = AttributeType.PASSWORD, required = false)
    String password() default "";

    @AttributeDefinition(description = "Name of the service that has tokens, in place of a password", required = false)
    String token__supplier() default "";

    @AttributeDefinition(description = "Allows log-in without TLS over the network")
    boolean auth__clear__text() default false;

    @AttributeDefinition(description = "The name to greet with; that of this host if not set", required = false)
    String helo() default "";

    @AttributeDefinition(description = "For a connection to be made")
    String connect__timeout() default "30s";

    @AttributeDefinition(description = "For each reply")
    String reply__timeout() default "5m";

    @AttributeDefinition(description = "An unused connection is closed after")
    String idle__timeout() default "10s";

    @AttributeDefinition(description = "A connection is closed after so many messages", min = "1")
    int max__messages__per__connection() default 1000;
}
