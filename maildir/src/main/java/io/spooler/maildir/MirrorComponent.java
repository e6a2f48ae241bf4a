package io.spooler.maildir;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import io.spooler.settings.SettingsException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Holds the life of the mirror: there for as long as a configuration and the mailboxes are. Another configuration makes
 * another one. Methods are called by Declarative Services, one at a time.
 */
@Component(
        immediate = true,
        configurationPid = MirrorSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = SpoolListener.EVENTS + "=Arrived")
@Designate(ocd = MirrorComponent.Config.class)
public final class MirrorComponent implements SpoolListener {

    private final Mirroring mirroring;

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: Maildir mirror", description = "Mirrors the mailboxes for IMAP servers")
    public @interface Config {

        /**
         * Where the Maildirs are.
         *
         * @return a path
         */
        @AttributeDefinition(description = "Holds a Maildir for each mailbox")
        String directory() default MirrorSettings.DEFAULT_DIRECTORY;

        /**
         * How often flags, moves and deletions are followed.
         *
         * @return a duration
         */
        @AttributeDefinition(description = "How often flags, moves and deletions are followed")
        String interval() default "1m";
    }

    /**
     * Begins to follow.
     *
     * @param mailboxes what is mirrored
     * @param properties the configuration
     * @throws SettingsException if it is wrong: nothing is mirrored
     */
    @Activate
    public MirrorComponent(@Reference Mailboxes mailboxes, Map<String, Object> properties) throws SettingsException {
        MirrorSettings settings = MirrorSettings.read(properties);
        mirroring = new Mirroring(new Mirror(mailboxes, settings.directory(), new Disk()));
        mirroring.open(settings.interval());
    }

    /** An event is a bell; the feed says what there is. */
    @Override
    public void onEvent(SpoolEvent event) {
        if (event instanceof SpoolEvent.Arrived || event instanceof SpoolEvent.Missed) {
            mirroring.ring();
        }
    }

    @Deactivate
    void deactivate() {
        mirroring.close();
    }
}
