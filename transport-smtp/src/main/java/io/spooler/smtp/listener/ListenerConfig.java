package io.spooler.smtp.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Describes the settings to management tools; {@link ListenerSettings} reads and checks them. */
@ObjectClassDefinition(
        name = "Spooler SMTP listener",
        description = "Takes mail by SMTP. One instance per file io.spooler.smtp.listener-NAME.cfg.")
@interface ListenerConfig {

    @AttributeDefinition(name = "address", description = "IP address to listen on", required = false)
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "port", description = "Port to listen on; 0 for any free one", required = false)
    int port() default 2525;

    @AttributeDefinition(
            name = "role",
            description = "both; submission: for those who log in or are of relay_networks;"
                    + " delivery: for other servers, nobody logs in",
            required = false)
    String role() default "both";

    @AttributeDefinition(name = "protocol", description = "smtp or lmtp", required = false)
    String protocol() default "smtp";

    @AttributeDefinition(
            name = "proxy_networks",
            description = "Load balancers that name their clients by the PROXY protocol",
            required = false)
    String[] proxy__networks() default {};

    @AttributeDefinition(name = "hostname", description = "What the listener calls itself", required = false)
    String hostname() default "";

    @AttributeDefinition(name = "local_domains", description = "Domains that strangers may send to", required = false)
    String[] local__domains() default {};

    @AttributeDefinition(
            name = "unchecked_domains",
            description = "Those of local_domains in which every name is taken",
            required = false)
    String[] unchecked__domains() default {};

    @AttributeDefinition(
            name = "relay_networks",
            description = "Networks whose clients may send to any domain",
            required = false)
    String[] relay__networks() default {};

    @AttributeDefinition(name = "max_message_size", description = "Octets of a message", required = false)
    String max__message__size() default "50M";

    @AttributeDefinition(name = "max_recipients", description = "Recipients of a message", required = false)
    int max__recipients() default 1000;

    @AttributeDefinition(name = "max_connections", description = "Connections at a time", required = false)
    int max__connections() default 1000;

    @AttributeDefinition(
            name = "max_connections_per_client",
            description = "Connections at a time from one address",
            required = false)
    int max__connections__per__client() default 50;

    @AttributeDefinition(name = "max_errors", description = "Errors before a session is closed", required = false)
    int max__errors() default 20;

    @AttributeDefinition(name = "max_line", description = "Octets of a line", required = false)
    int max__line() default 2048;

    @AttributeDefinition(name = "max_header_size", description = "Octets of a header", required = false)
    String max__header__size() default "100k";

    @AttributeDefinition(name = "max_hops", description = "Received lines of a message", required = false)
    int max__hops() default 50;

    @AttributeDefinition(name = "command_timeout", description = "Time for a step of a message", required = false)
    String command__timeout() default "300s";

    @AttributeDefinition(
            name = "tls",
            description = "none; may and encrypt: by STARTTLS; implicit: from the first octet on",
            required = false)
    String tls() default "none";

    @AttributeDefinition(
            name = "tls_certificate",
            description = "File of the certificate and those above it, PEM, or PKCS #12 file with the key, too",
            required = false)
    String tls__certificate() default "";

    @AttributeDefinition(name = "tls_key", description = "File of the private key, PEM (PKCS #8)", required = false)
    String tls__key() default "";

    @AttributeDefinition(
            name = "tls_password",
            description = "Password of the key",
            type = AttributeType.PASSWORD,
            required = false)
    String tls__password() default "";

    @AttributeDefinition(name = "greeting_delay", description = "Wait before the greeting", required = false)
    String greeting__delay() default "0s";

    @AttributeDefinition(
            name = "lenient",
            description = "Take addresses without brackets, a space before them, underscores in domains",
            required = false)
    boolean lenient() default false;
}
