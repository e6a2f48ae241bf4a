package io.spooler.core.report;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words of one language, from {@code messages_LANGUAGE.properties}; what is missing there is English. */
final class Words {

    private final Locale locale;
    private final ResourceBundle bundle;

    private Words(Locale locale, ResourceBundle bundle) {
        this.locale = locale;
        this.bundle = bundle;
    }

    /**
     * Finds the words.
     *
     * @param language an ISO 639 code
     * @return in that language, or in English if there are none; never in that of the machine
     */
    static Words in(String language) {
        Locale locale = Locale.forLanguageTag(language);
        return new Words(
                locale,
                ResourceBundle.getBundle(
                        "io.spooler.core.report.messages",
                        locale,
                        Words.class.getClassLoader(),
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
    }

    String language() {
        return locale.getLanguage();
    }

    String say(String key, Object... arguments) {
        return new MessageFormat(bundle.getString(key), locale).format(arguments);
    }

    String date(Instant time) {
        return DateTimeFormatter.ofPattern(bundle.getString("date"), locale)
                .withZone(ZoneOffset.UTC)
                .format(time);
    }
}
