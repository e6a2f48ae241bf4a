package io.spooler.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void mailboxesAreDirectoriesInTheRootAndNowhereElse() {
        assertThat(Names.mailbox("Ann+x")).isEqualTo("ann+x");
        assertThat(Names.mailbox("john.doe")).isEqualTo("john.doe");
        assertThat(Names.mailbox("../../etc")).isEqualTo("=2E.=2F..=2Fetc");
        assertThat(Names.mailbox("/etc/passwd")).isEqualTo("=2Fetc=2Fpasswd");
        assertThat(Names.mailbox("..")).isEqualTo("=2E.");
        assertThat(Names.mailbox("\u00e9\\=")).isEqualTo("=C3=A9=5C=3D");
    }

    @Test
    void foldersAreInMaildirPlusPlus() {
        assertThat(Names.folder("Inbox")).isEmpty();
        assertThat(Names.folder("Weekly reports")).isEqualTo(".Weekly reports");
        assertThat(Names.folder("a/../b.c")).isEqualTo(".a=2F=2E=2E=2Fb=2Ec");
        assertThat(Names.folder("..")).isEqualTo(".=2E=2E");
        assertThat(Names.folder("Entw\u00fcrfe & mehr")).isEqualTo(".Entw&APw-rfe =26 mehr");
        assertThat(Names.folder("\u53f0\u5317")).as("RFC 3501").isEqualTo(".&U,BTFw-");
    }

    @Test
    void longNamesStayApartAndFitTheFileSystem() {
        String first = "\u00e9".repeat(254) + "a";
        String second = "\u00e9".repeat(254) + "b";
        assertThat(Names.mailbox(first)).hasSizeLessThan(255).isNotEqualTo(Names.mailbox(second));
        assertThat(Names.folder(first)).hasSizeLessThan(255).isNotEqualTo(Names.folder(second));
    }
}
