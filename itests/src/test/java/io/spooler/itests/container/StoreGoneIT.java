package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;

/** The store's bundle is stopped and started again. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class StoreGoneIT extends ContainerTest {

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler("transport-loopback", "hooks-preprocess")};
    }

    @Test
    public void keepsEverythingWhileTheStoreIsAway() throws Exception {
        SpoolId waiting = submit("nobody there", "ann@example.org");
        events.await(waiting, RecipientState.WAITING);

        Bundle store = bundle("io.spooler.store.file");
        store.stop();
        assertThatThrownBy(() -> submit("too early", "ann@spooler.local"))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.reason().isTemporary()).isTrue());

        store.start();
        assertThat(spooler.find(waiting).orElseThrow().recipients().get(0).state())
                .isEqualTo(RecipientState.WAITING);
        SpoolId id = submit("back again", "ann@spooler.local");
        events.await(id, RecipientState.DELIVERED);
    }
}
