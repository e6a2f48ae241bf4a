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

    @AttributeDefinition(description = "A recipient expires at this age, after at least two attempts")
    String max__age() default "5d";

    @AttributeDefinition(description = "A recipient that no transport claims is given up after this time")
    String max__wait() default "5d";

    @AttributeDefinition(description = "Rest of a destination after its first failure to be reached; doubles")
    String rest__first() default "1s";

    @AttributeDefinition(description = "Longest rest of a destination")
    String rest__longest() default "5m";

    @AttributeDefinition(description = "Most recipients in work at a time")
    int window() default 20_000;

    @AttributeDefinition(description = "Time that a transport has for one consignment")
    String delivery__timeout() default "15m";

    @AttributeDefinition(description = "Time that all hooks together have for one message")
    String hook__timeout() default "1m";

    @AttributeDefinition(description = "Time that a leaving transport has to finish its work")
    String grace() default "10s";

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
