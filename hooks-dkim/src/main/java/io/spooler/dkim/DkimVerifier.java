package io.spooler.dkim;

import io.spooler.Reply;
import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.settings.Network;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of what strangers bring whose signatures hold, in a field Authentication-Results in front (RFC 8601), and takes out
 * fields that claim to be one of ours. It refuses nothing because of a signature. A listener submits what it takes, so this
 * hook stands at the beginning of the way out, before any other changes the message.
 *
 * <p>Any thread; blocks for the disk and for the keys, as long as the settings allow. Failures: without any valid settings it
 * throws, so that mail waits (R23).
 */
@Component(
        service = PreProcessor.class,
        immediate = true,
        configurationPid = VerifierSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {HookProperties.NAME + "=" + DkimVerifier.NAME, "service.ranking:Integer=300"})
@Designate(ocd = DkimVerifier.Config.class)
public final class DkimVerifier implements PreProcessor {

    static final String NAME = "dkim-verifier";

    private static final Logger LOG = LoggerFactory.getLogger(DkimVerifier.class);

    private volatile @Nullable Setup setup;
    private volatile String problem = "";

    /** What people can set. */
    @ObjectClassDefinition(name = "Spooler: DKIM verifier", description = "Verifies signatures of what strangers bring")
    @SuppressWarnings("MemberName") // Two underscores stand for one in the name of the setting.
    public @interface Config {

        /**
         * How this system is called.
         *
         * @return a name
         */
        @AttributeDefinition(
                description = "Name of this system in results; that of this host if not set",
                required = false)
        String authserv__id() default "";

        /**
         * Who is ours.
         *
         * @return networks
         */
        @AttributeDefinition(description = "Networks whose clients are ours; this machine if not set", required = false)
        String[] networks() default {};

        /**
         * Whom to ask.
         *
         * @return addresses
         */
        @AttributeDefinition(
                description = "Name servers, ADDRESS or ADDRESS:PORT; those of this machine if not set",
                required = false)
        String[] dns() default {};

        /**
         * How long.
         *
         * @return a duration
         */
        @AttributeDefinition(description = "How long to wait for the keys of one message")
        String dns__timeout() default "5s";
    }

    private record Setup(AuthResults results, List<Network> networks, Verification verification) {}

    /**
     * Reads the settings.
     *
     * @param properties the configuration
     */
    @Activate
    public DkimVerifier(Map<String, Object> properties) {
        apply(properties);
    }

    /** With other text records. */
    DkimVerifier(Map<String, Object> properties, Texts texts, Clock clock) throws SettingsException {
        VerifierSettings settings = VerifierSettings.read(properties);
        setup = setup(settings, texts, clock);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        apply(properties);
    }

    private void apply(Map<String, Object> properties) {
        try {
            VerifierSettings settings = VerifierSettings.read(properties);
            setup = setup(settings, new DnsTexts(settings.dns(), settings.timeout()), Clock.systemUTC());
        } catch (SettingsException e) {
            problem = NAME + ": " + e.getMessage();
            LOG.error("{}; {}", problem, setup == null ? "mail waits" : "the former settings stay");
        }
    }

    private static Setup setup(VerifierSettings settings, Texts texts, Clock clock) {
        return new Setup(
                new AuthResults(settings.host()),
                settings.networks(),
                new Verification(texts, clock, settings.timeout()));
    }

    @Override
    public Decision process(OutgoingMessage message) throws IOException {
        Setup present = setup;
        if (present == null) {
            throw new IOException(problem);
        }
        Optional<Header> header = Header.read(message.content());
        if (header.isEmpty()) {
            return tooLarge(message);
        }
        return Origin.of(header.get(), message.id(), present.networks()) == Origin.STRANGER
                ? decide(message, header.get(), present)
                : Decision.CONTINUE;
    }

    /** What cannot be looked through may hold a result in our name. */
    private static Decision tooLarge(OutgoingMessage message) {
        Reply why = new Reply("5.6.0", "the header is larger than " + Header.LIMIT + " octets");
        return new Decision.Change(
                "",
                null,
                null,
                message.recipients().stream().collect(Collectors.toMap(each -> each, each -> why, (a, b) -> a)),
                List.of());
    }

    private static Decision decide(OutgoingMessage message, Header header, Setup present) throws IOException {
        List<Finding> findings = present.verification.verify(message.content(), header);
        String said = present.results.field(findings);
        boolean forged = header.fields().stream().anyMatch(present.results::isOurs);
        if (!forged) {
            return Decision.Change.prepend(said);
        }
        LOG.info("{}: an Authentication-Results field in our name is taken out", message.id());
        Rewriting rest = new Rewriting(message.content(), header, present.results::isOurs);
        return new Decision.Change(said, rest, null, Map.of(), List.of());
    }
}
