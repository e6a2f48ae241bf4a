package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.store.MessageStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the description of the component says to Declarative Services. */
class CoreComponentTest {

    @Test
    void a_store_that_is_not_for_mail_is_never_bound() throws Exception {
        Filter filter = FrameworkUtil.createFilter(reference("Store").getAttribute("target"));
        assertThat(filter.matches(Map.of(MessageStore.MAIL, false))).isFalse();
        assertThat(filter.matches(Map.of(MessageStore.MAIL, "false"))).isFalse();
        assertThat(filter.matches(Map.of(MessageStore.MAIL, true))).isTrue();
        assertThat(filter.matches(Map.of(MessageStore.NAME, "any"))).isTrue();
    }

    private static Element reference(String name) throws Exception {
        NodeList references = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(description())
                .getElementsByTagName("reference");
        return IntStream.range(0, references.getLength())
                .mapToObj(i -> (Element) references.item(i))
                .filter(element -> element.getAttribute("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static InputStream description() throws IOException {
        InputStream in = CoreComponentTest.class.getResourceAsStream("/OSGI-INF/io.spooler.core.CoreComponent.xml");
        assertThat(in).as("description of the component").isNotNull();
        return in;
    }
}
