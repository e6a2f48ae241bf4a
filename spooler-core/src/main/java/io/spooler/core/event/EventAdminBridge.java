package io.spooler.core.event;

import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventHandler;

/**
 * Posts every event to Event Admin, where that is present, under {@code io/spooler/…}. The property {@code event} holds
 * the {@link SpoolEvent}; the others repeat its facts as plain values. It is there only while a handler is that may hear of
 * them: for each event Event Admin wakes a thread, even if nobody listens.
 */
@Component(
        service = SpoolListener.class,
        reference =
                @Reference(
                        name = "handler",
                        service = EventHandler.class,
                        target = EventAdminBridge.HANDLERS,
                        cardinality = ReferenceCardinality.AT_LEAST_ONE,
                        policy = ReferencePolicy.DYNAMIC))
public final class EventAdminBridge implements SpoolListener {

    /** Handlers of all topics, or of some of ours. */
    static final String HANDLERS = "(|(event.topics=\\*)(event.topics=io/\\*)(event.topics=io/spooler/*))";

    private static final String PREFIX = "io/spooler/";

    private final EventAdmin admin;

    /**
     * Assigns.
     *
     * @param admin the service
     */
    @Activate
    public EventAdminBridge(@Reference EventAdmin admin) {
        this.admin = admin;
    }

    @Override
    public void onEvent(SpoolEvent event) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("event", event);
        properties.put("id", event.id().toString());
        properties.put("timestamp", event.time().toEpochMilli());
        String topic = "message/QUEUED";
        if (event instanceof SpoolEvent.Changed changed) {
            topic = "recipient/CHANGED";
            put(properties, changed.recipient());
        } else if (event instanceof SpoolEvent.Delayed delayed) {
            topic = "recipient/DELAYED";
            put(properties, delayed.recipient());
        } else if (event instanceof SpoolEvent.Reported reported) {
            topic = "recipient/REPORTED";
            put(properties, reported.recipient());
        } else if (event instanceof SpoolEvent.Completed) {
            topic = "message/COMPLETED";
        } else if (event instanceof SpoolEvent.Arrived arrived) {
            topic = "message/ARRIVED";
            properties.put("mailbox", arrived.entry().mailbox());
            properties.put("folder", arrived.entry().folder());
            properties.put("class", arrived.entry().messageClass());
            properties.put("size", arrived.entry().size());
            properties.put("flags", arrived.entry().flags().toArray(String[]::new));
            properties.put("sequence", arrived.entry().sequence());
        } else if (event instanceof SpoolEvent.Missed missed) {
            topic = "events/MISSED";
            properties.put("events", missed.events());
        } else if (event instanceof SpoolEvent.Administered order) {
            topic = "admin/ORDER";
            properties.put("by", order.by());
            properties.put("order", order.order());
            properties.put("messages", order.messages());
            properties.put("recipients", order.recipients());
            properties.put("undoable", order.undoable());
        } else if (event instanceof SpoolEvent.Status status) {
            String transport = status.transport();
            topic = transport == null ? "core/STATUS" : "transport/STATUS";
            properties.put("condition", status.condition());
            properties.put("text", status.text());
            if (transport != null) {
                properties.put("transport", transport);
            }
        }
        admin.postEvent(new Event(PREFIX + topic, properties));
    }

    private static void put(Map<String, Object> properties, RecipientStatus status) {
        properties.put("recipient", status.recipient().address().toString());
        properties.put("state", status.state().name());
        Reply reply = status.reply();
        if (reply != null) {
            properties.put("reply", reply.toString());
        }
    }
}
