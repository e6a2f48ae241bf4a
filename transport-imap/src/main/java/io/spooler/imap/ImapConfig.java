package io.spooler.imap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Describes the settings to tools; {@link Account} reads and checks them. */
@ObjectClassDefinition(name = "Spooler mail fetcher", description = "Fetches mail from an IMAP or POP3 server.")
@SuppressWarnings("MemberName") // Two underscores stand for one in the name of the setting.
@interface ImapConfig {

    @AttributeDefinition(
            description = "What the server speaks",
            options = {@Option(value = "imap", label = "IMAP"), @Option(value = "pop3", label = "POP3")})
    String protocol() default "imap";

    @AttributeDefinition(description = "Name or address of the server")
    String host() default "";

    @AttributeDefinition(
            description = "If not set 993 or 995 with tls_implicit, else 143 or 110",
            min = "1",
            max = "65535")
    int port() default 993;

    @AttributeDefinition(
            description = "Encryption: never, always, always and with a trusted certificate",
            options = {
                @Option(value = "none", label = "none"),
                @Option(value = "encrypt", label = "encrypt"),
                @Option(value = "verify", label = "verify")
            })
    String tls() default "verify";

    @AttributeDefinition(description = "TLS begins with the connection; if not, by STARTTLS or STLS")
    boolean tls__implicit() default true;

    @AttributeDefinition(description = "File of certificates to trust, PEM; those of Java if not set", required = false)
    String tls__ca() default "";

    @AttributeDefinition(description = "Who logs in")
    String user() default "";

    @AttributeDefinition(description = "A reference such as $[secret:NAME]", type = AttributeType.PASSWORD)
    String password() default "";

    @AttributeDefinition(description = "The password may go without TLS beyond this machine")
    boolean auth__clear__text() default false;

    @AttributeDefinition(description = "Folder of the server, for IMAP")
    String folder() default "INBOX";

    @AttributeDefinition(description = "Local mailbox that messages go to")
    String mailbox() default "";

    @AttributeDefinition(
            description = "Folder of that mailbox; by the class of the message if not set",
            required = false)
    String into() default "";

    @AttributeDefinition(
            description = "Whole messages, or headers until more is ordered",
            options = {@Option(value = "full", label = "full"), @Option(value = "headers", label = "headers")})
    String mode() default "full";

    @AttributeDefinition(
            description = "What becomes of a message on the server once its copy is safe",
            options = {
                @Option(value = "leave", label = "leave"),
                @Option(value = "seen", label = "seen"),
                @Option(value = "delete", label = "delete")
            })
    String after() default "leave";

    @AttributeDefinition(description = "Larger messages are left on the server")
    String max__size() default "50M";

    @AttributeDefinition(description = "Time between two looks")
    String interval() default "1m";

    @AttributeDefinition(description = "Stay connected and be told what is new, where the server can")
    boolean idle() default true;

    @AttributeDefinition(description = "Time to connect")
    String connect__timeout() default "30s";

    @AttributeDefinition(description = "Longest silence of the server")
    String reply__timeout() default "1m";
}
