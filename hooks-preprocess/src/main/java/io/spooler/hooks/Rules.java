package io.spooler.hooks;

import io.spooler.SpoolException;
import io.spooler.Spooler;
import io.spooler.hook.HookProperties;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.hooks.Rule.Action;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import io.spooler.store.Folders.Filing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts what comes in by the rules of a file: into folders, with flags, on to others, away, answered.
 *
 * <p>Any thread; blocks for the disk. Failures: without any valid settings or rules, or if what a rule sends is not taken,
 * it throws, and the message goes to quarantine. It is there before the core is, so that nothing passes it by.
 */
@Component(
        service = PostProcessor.class,
        immediate = true,
        configurationPid = Rules.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        property = {HookProperties.NAME + "=" + Rules.NAME, "service.ranking:Integer=100"})
@Designate(ocd = Rules.Config.class)
public final class Rules implements PostProcessor {

    static final String PID = "io.spooler.hooks.rules";
    static final String NAME = "rules";

    private static final Logger LOG = LoggerFactory.getLogger(Rules.class);
    private static final String FILE = "etc/rules";

    private final String host = HostName.local();
    private final Clock clock;
    private volatile @Nullable WatchedFile<List<Rule>> file;
    private volatile String problem = "";

    /** Takes what is forwarded and answered; null while there is no core. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Spooler spooler;

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: rules", description = "Sorts what comes in")
    public @interface Config {

        /**
         * The file of rules.
         *
         * @return a path, relative to the working directory
         */
        @AttributeDefinition(description = "File of rules, relative to the working directory; may be missing")
        String file() default FILE;
    }

    /**
     * Reads settings and file.
     *
     * @param properties the configuration
     */
    @Activate
    public Rules(Map<String, Object> properties) {
        this(properties, Clock.systemUTC());
    }

    Rules(Map<String, Object> properties, Clock clock) {
        this.clock = clock;
        apply(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    private void apply(Map<String, Object> properties) {
        try {
            Settings settings = Settings.of(PID, properties);
            String path = settings.text("file", FILE);
            settings.check();
            file = new WatchedFile<>(Path.of(path), System::nanoTime, RuleParser::parse, List.of());
        } catch (SettingsException e) {
            problem = "rules: " + e.getMessage();
            LOG.error("{}; {}", problem, file == null ? "mail goes to quarantine" : "the former settings stay");
        }
    }

    @Override
    public Verdict process(IncomingMessage message) throws IOException, SpoolException {
        WatchedFile<List<Rule>> present = file;
        if (present == null) {
            throw new IOException(problem);
        }
        List<Rule> rules = present.value();
        return rules.isEmpty() ? Verdict.CONTINUE : new Work(message).run(rules);
    }

    /** One message on its way through the rules. */
    private final class Work {

        private final IncomingMessage message;
        private final Rule.Facts facts;
        private final Set<String> flags;
        private String folder;
        private boolean discarded;
        private boolean stopped;

        Work(IncomingMessage message) throws IOException {
            this.message = message;
            this.facts = new Rule.Facts(message, MailHeader.read(message.content()));
            this.flags = new HashSet<>(message.target().flags());
            this.folder = message.target().folder();
        }

        Verdict run(List<Rule> rules) throws SpoolException {
            for (Rule rule : rules) {
                if (!stopped && rule.matches(facts)) {
                    for (Action action : rule.actions()) {
                        act(action);
                    }
                }
            }
            Filing old = message.target();
            Filing target = new Filing(old.mailbox(), folder, old.messageClass(), old.sender(), flags);
            return new Verdict(target.equals(old) ? null : target, discarded, discarded);
        }

        private void act(Action action) throws SpoolException {
            if (action instanceof Rule.Folder to) {
                folder = to.name();
            } else if (action instanceof Rule.Flag flag) {
                flags.add(flag.name());
            } else if (action instanceof Rule.ForwardTo to) {
                Forward.send(spooler(), message, to.address(), host);
            } else if (action instanceof Rule.Answer answer) {
                AutoReply.send(spooler(), message, facts.header(), answer.text(), clock.instant());
            } else {
                discarded |= action instanceof Rule.Discard;
                stopped = true;
            }
        }

        private Spooler spooler() throws SpoolException {
            Spooler present = spooler;
            if (present == null) {
                throw new SpoolException(SpoolException.Reason.NO_STORE, "there is no spooler that could send it");
            }
            return present;
        }
    }
}
