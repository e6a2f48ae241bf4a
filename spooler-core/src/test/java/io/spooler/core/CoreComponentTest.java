package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolListener;
import io.spooler.core.registry.Registry;
import io.spooler.store.MessageStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the descriptions of components, and the properties of services, say. */
class CoreComponentTest {

    @Test
    void a_store_that_is_not_for_mail_is_never_bound() throws Exception {
        Filter filter = FrameworkUtil.createFilter(
                reference("io.spooler.core.CoreComponent", "Store").getAttribute("target"));
        assertThat(filter.matches(Map.of(MessageStore.MAIL, false))).isFalse();
        assertThat(filter.matches(Map.of(MessageStore.MAIL, "false"))).isFalse();
        assertThat(filter.matches(Map.of(MessageStore.MAIL, true))).isTrue();
        assertThat(filter.matches(Map.of(MessageStore.NAME, "any"))).isTrue();
    }

    /** Every event wakes threads of Event Admin, whether anybody listens there or not. */
    @Test
    void event_admin_is_told_only_while_a_handler_may_hear_of_it() throws Exception {
        Element reference = reference("io.spooler.core.event.EventAdminBridge", "handler");
        assertThat(reference.getAttribute("interface")).isEqualTo(EventHandler.class.getName());
        assertThat(reference.getAttribute("cardinality")).isEqualTo("1..n");
        assertThat(reference.getAttribute("policy")).isEqualTo("dynamic");
        Filter filter = FrameworkUtil.createFilter(reference.getAttribute("target"));
        for (String topic : List.of("*", "io/*", "io/spooler/*", "io/spooler/message/*", "io/spooler/message/QUEUED")) {
            assertThat(filter.matches(Map.of(EventConstants.EVENT_TOPIC, topic)))
                    .as(topic)
                    .isTrue();
            assertThat(filter.matches(Map.of(EventConstants.EVENT_TOPIC, new String[] {"org/osgi/*", topic})))
                    .as(topic)
                    .isTrue();
        }
        for (String topic : List.of("org/osgi/service/log/*", "io/other/*", "io/spoolers/x", "ios")) {
            assertThat(filter.matches(Map.of(EventConstants.EVENT_TOPIC, topic)))
                    .as(topic)
                    .isFalse();
        }
    }

    @Test
    void a_listener_names_what_it_wants_in_its_properties() {
        assertThat(Registry.events(Map.of(SpoolListener.EVENTS, "Arrived"))).containsExactly("Arrived");
        assertThat(Registry.events(Map.of(SpoolListener.EVENTS, new String[] {"Arrived", "Status"})))
                .containsExactly("Arrived", "Status");
        assertThat(Registry.events(Map.of())).as("all").isEmpty();
    }

    private static Element reference(String component, String name) throws Exception {
        NodeList references = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(description(component))
                .getElementsByTagName("reference");
        return IntStream.range(0, references.getLength())
                .mapToObj(i -> (Element) references.item(i))
                .filter(element -> element.getAttribute("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static InputStream description(String component) throws IOException {
        InputStream in = CoreComponentTest.class.getResourceAsStream("/OSGI-INF/" + component + ".xml");
        assertThat(in).as("description of the component").isNotNull();
        return in;
    }
}
