package io.spooler.store.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings, described for tools; {@link StoreOptions} reads them. */
@ObjectClassDefinition(
        name = "Spooler: file store",
        description = "The embedded message store: a journal and folders in one directory.")
@interface StoreConfig {

    /** Where. */
    @AttributeDefinition(description = "directory of the store; one instance only", required = false)
    String directory() default "data/spool";

    /** How large. */
    @AttributeDefinition(
            description = "largest message in octets; k, M or G may follow",
            required = false,
            type = AttributeType.STRING)
    String max__message__size() default "50M";

    /** How many. */
    @AttributeDefinition(description = "most recipients of a message", required = false)
    int max__recipients() default 1000;

    /** How long. */
    @AttributeDefinition(
            description = "how long a finished message can be found: a number and ms, s, m, h or d",
            required = false)
    String retention() default "3d";

    /** How many. */
    @AttributeDefinition(description = "how many finished messages can be found at most", required = false)
    int max__finished() default 100_000;

    /** Free space. */
    @AttributeDefinition(
            description = "octets that must stay free on the disk; k, M or G may follow;"
                    + " without it a tenth of the disk, 5G at most",
            required = false)
    String minimum__free() default "";

    /** How much. */
    @AttributeDefinition(
            description = "octets that the store holds at most, queue and mailboxes; k, M or G may follow;"
                    + " 0 for no limit",
            required = false)
    String quota() default "0";

    /** Segments. */
    @AttributeDefinition(description = "octets of one journal segment; k, M or G may follow", required = false)
    String segment__size() default "64M";

    /** Inline. */
    @AttributeDefinition(
            description = "largest content inside the journal in octets; larger ones get a file of their own",
            required = false)
    String inline__threshold() default "128k";

    /** Coupling. */
    @AttributeDefinition(
            description = "name of the transport whose recipients the store serves itself; none for no transport",
            required = false)
    String transport() default "loopback";
}
