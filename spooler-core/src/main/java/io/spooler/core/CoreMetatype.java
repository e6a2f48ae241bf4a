package io.spooler.core;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Describes the settings to tools; {@link CoreSettings} reads and checks them. */
@ObjectClassDefinition(id = CoreSettings.PID, name = "Spooler core")
@interface CoreMetatype {

    @AttributeDefinition(description = "Wait after the first attempt that did not succeed; doubles with each attempt")
    String retry__first() default "5m";

    @AttributeDefinition(description = "Longest wait between attempts")
    String retry__longest() default "4h";

    @AttributeDefinition(
            description = "Shortest wait that a transport may ask for; doubles with each attempt up to retry_first")
    String asked__least() default "1s";

    @AttributeDefinition(description = "Longest wait that a transport may ask for")
    String asked__longest() default "1d";

    @AttributeDefinition(description = "A recipient whose attempt fails at this age, not its first, expires")
    String max__age() default "5d";

    @AttributeDefinition(
            description = "Names of transports in the order in which they are asked, before all others; also those that"
                    + " are expected: what only they carry is held while they are away")
    String[] transports() default {};

    @AttributeDefinition(
            description = "So long after a start, nothing is routed while one of these transports is missing")
    String start__wait() default "1m";

    @AttributeDefinition(description = "A recipient that no transport claims is given up after this time")
    String max__wait() default "5d";

    @AttributeDefinition(description = "Rest of a destination after its first failure to be reached; doubles")
    String rest__first() default "1s";

    @AttributeDefinition(description = "Longest rest of a destination")
    String rest__longest() default "5m";

    @AttributeDefinition(description = "Most consignments of one destination at a time; it begins with two")
    int lane__concurrency() default 40;

    @AttributeDefinition(
            description =
                    "Most recipients of a destination in a time, such as 100/1m, smtp=100/1m or smtp/example.org=10/1m")
    String[] lane__rate() default {};

    @AttributeDefinition(description = "Most recipients of a transport in a time, such as smtp=1000/1h")
    String[] transport__rate() default {};

    @AttributeDefinition(
            description =
                    "When deliveries may begin, such as 22:00-06:00, smtp=22:00-06:00 or smtp/example.org=22:00-06:00")
    String[] delivery__window() default {};

    @AttributeDefinition(description = "Zone of delivery_window, such as Europe/Lisbon; empty for that of the machine")
    String delivery__zone() default "";

    @AttributeDefinition(description = "Most recipients in work at a time")
    int window() default 20_000;

    @AttributeDefinition(description = "Time that a transport has for one consignment")
    String delivery__timeout() default "15m";

    @AttributeDefinition(description = "Time that all hooks together have for one message")
    String hook__timeout() default "1m";

    @AttributeDefinition(description = "Most messages that come in at a time")
    int receptions() default 64;

    @AttributeDefinition(description = "Largest message that comes in, unless the store takes less")
    String receive__limit() default "50M";

    @AttributeDefinition(description = "Time that a transport has to bring one message in")
    String receive__timeout() default "1h";

    @AttributeDefinition(description = "Folders by message class, such as IPM.Note.Urgent=Urgent; else INBOX")
    String[] receive__folders() default {};

    @AttributeDefinition(description = "Tell senders who ask for it that their message was read, or deleted unread")
    boolean read__reports() default false;

    @AttributeDefinition(description = "Time that a leaving transport has to finish its work")
    String grace() default "10s";

    @AttributeDefinition(description = "What clients submit can be cancelled for so long in any case; 0s for not")
    String undo__window() default "0s";

    @AttributeDefinition(description = "Name of this system in reports; empty for the name of the machine")
    String hostname() default "";

    @AttributeDefinition(description = "Senders are told of a recipient that waits for longer; 0s for never")
    String delay__notice() default "4h";

    @AttributeDefinition(description = "Language of reports: en or pt")
    String report__language() default "en";

    @AttributeDefinition(description = "Reports of failure return whole messages up to this size; 0 for headers only")
    String report__return__limit() default "50k";

    @AttributeDefinition(description = "Who hears of a report that could not be delivered")
    String postmaster() default "LOCAL:postmaster";
}
