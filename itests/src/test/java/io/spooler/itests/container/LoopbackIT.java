package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Local delivery is announced once. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class LoopbackIT extends ContainerTest {

    @Inject
    private Mailboxes mailboxes;

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler("transport-loopback", "hooks-preprocess")};
    }

    @Test
    public void announcesAnArrivalExactlyOnceAndAfterFiling() throws Exception {
        BlockingQueue<Event> posted = new LinkedBlockingQueue<>();
        EventHandler handler = posted::add;
        context.registerService(
                EventHandler.class,
                handler,
                FrameworkUtil.asDictionary(Map.of(EventConstants.EVENT_TOPIC, "io/spooler/message/*")));

        SpoolId id = submit("hello", "ann@spooler.local");
        events.await("completion", 1, e -> e instanceof SpoolEvent.Completed && e.id().equals(id));

        List<SpoolEvent> arrivals = events.all().stream()
                .filter(e -> e instanceof SpoolEvent.Arrived)
                .toList();
        assertThat(arrivals).hasSize(1);
        SpoolEvent.Arrived arrived = (SpoolEvent.Arrived) arrivals.get(0);
        assertThat(arrived.entry().mailbox()).isEqualTo("ann");
        assertThat(mailboxes.content(arrived.entry().id())).isPresent();

        int arrivedEvents = 0;
        Event event;
        do {
            event = posted.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("event of completion").isNotNull();
            arrivedEvents += event.getTopic().endsWith("/ARRIVED") ? 1 : 0;
        } while (!event.getTopic().endsWith("/COMPLETED"));
        assertThat(arrivedEvents).isEqualTo(1);
    }
}
