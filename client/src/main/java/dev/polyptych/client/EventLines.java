package dev.polyptych.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads server-sent events line by line, over any number of connections. One thread at a time. */
final class EventLines {
  private final Consumer<JobEvent> onEvent;
  private String lastEventId = "";
  private String pendingId = "";
  private JobEvent terminal;

  EventLines(Consumer<JobEvent> onEvent) {
    this.onEvent = onEvent;
  }

  /** Id of the last event passed on; empty before the first. */
  String lastEventId() {
    return lastEventId;
  }

  /** The event that ended the job. */
  Optional<JobEvent> terminal() {
    return Optional.ofNullable(terminal);
  }

  void line(String line) {
    if (line.startsWith("id:")) {
      pendingId = line.substring(3).strip();
    } else if (line.startsWith("data:")) {
      pass(line.substring(5).strip());
    }
  }

  private void pass(String json) {
    try {
      JobEvent event = Json.mapper().readValue(json, JobEvent.class);
      lastEventId = pendingId;
      onEvent.accept(event);
      if (event.state().terminal()) {
        terminal = event;
      }
    } catch (JsonProcessingException broken) {
      throw new UncheckedIOException(new IOException("not a job event: " + json, broken));
    }
  }
}
