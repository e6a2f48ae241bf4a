package io.spooler.smtp.users;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Describes the settings to management tools; {@link UsersComponent} reads and checks them. */
@ObjectClassDefinition(name = "Spooler SMTP users", description = "Who may log in to the SMTP listeners.")
@interface UsersConfig {

    @AttributeDefinition(
            name = "file",
            description = "File of users: NAME:SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY",
            required = false)
    String file() default "etc/users";
}
