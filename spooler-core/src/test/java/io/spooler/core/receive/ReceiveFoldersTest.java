package io.spooler.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folder a class goes to (R54). */
class ReceiveFoldersTest {

    private final ReceiveFolders folders =
            new ReceiveFolders(Stream.of("IPM.Note=Notes", "IPM=Other", "ipm.note.urgent=Urgent", "Report.IPM=Reports")
                    .map(ReceiveFolders::parse)
                    .toList());

    @ParameterizedTest
    @CsvSource({
        "IPM.Note,Notes",
        "IPM.NOTE.Small,Notes",
        "IPM.Note.Urgent,Urgent",
        "ipm.Note.URGENT.x.y,Urgent",
        "IPM.Notebook,Other",
        "IPM,Other",
        "IPMX,INBOX",
        "Report.IPM.Note.NDR,Reports",
        "Report.IPC.Note.DR,INBOX",
        "x,INBOX"
    })
    void the_longest_prefix_of_whole_words_decides_without_regard_to_case(String messageClass, String folder) {
        assertThat(folders.of(messageClass)).isEqualTo(folder);
    }

    @Test
    void a_report_goes_to_the_inbox_unless_its_own_class_is_named() {
        ReceiveFolders some = new ReceiveFolders(List.of(ReceiveFolders.parse("IPM=Other")));
        assertThat(some.of("Report.IPM.Note.NDR")).isEqualTo("INBOX");
        assertThat(new ReceiveFolders(List.of()).of("IPM.Note")).isEqualTo("INBOX");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IPM", "=Other", "IPM=", "IPM.=Other", ""})
    void what_makes_no_sense_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ReceiveFolders.parse(text));
    }
}
