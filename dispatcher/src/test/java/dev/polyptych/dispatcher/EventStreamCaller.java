package dev.polyptych.dispatcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.http.ContractCheck;
import dev.polyptych.schema.json.Json;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Reads server-sent events as they come. */
public final class EventStreamCaller implements AutoCloseable {
  private final HttpResponse<Stream<String>> answer;
  private final BlockingQueue<Optional<Event>> events = new LinkedBlockingQueue<>();
  private volatile AssertionError breach;

  /** One event; {@code state} is its name. */
  public record Event(String id, String state, JsonNode data) {}

  private EventStreamCaller(HttpResponse<Stream<String>> answer) {
    this.answer = answer;
    Thread.ofVirtual().start(this::read);
  }

  /** Returns when the answer's head is there. */
  public static EventStreamCaller open(ApiCaller caller, String job) {
    return open(caller, caller.request("/v1/jobs/" + job + "/events"));
  }

  public static EventStreamCaller open(ApiCaller caller, HttpRequest.Builder request) {
    HttpResponse<Stream<String>> answer = caller.send(request, BodyHandlers.ofLines());
    ContractCheck.checkHead(answer);
    return new EventStreamCaller(answer);
  }

  public HttpResponse<?> answer() {
    return answer;
  }

  /** The next event, awaited. */
  public Event next() {
    return taken().orElseThrow(() -> new AssertionError("the stream ended"));
  }

  /** All up to the end of the stream, awaited. */
  public List<Event> rest() {
    List<Event> rest = new ArrayList<>();
    for (Optional<Event> event = taken(); event.isPresent(); event = taken()) {
      rest.add(event.get());
    }
    return rest;
  }

  @Override
  public void close() {
    answer.body().close();
  }

  private Optional<Event> taken() {
    try {
      Optional<Event> event = events.poll(ApiCaller.DEADLINE.toSeconds(), TimeUnit.SECONDS);
      if (breach != null) {
        throw breach;
      }
      if (event == null) {
        throw new AssertionError("no event came");
      }
      return event;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void read() {
    String[] fields = new String[3];
    try {
      answer.body().forEach(line -> line(line, fields));
    } catch (UncheckedIOException closedHere) {
      answer.body().close();
    } catch (AssertionError broken) {
      breach = broken;
    } finally {
      events.add(Optional.empty());
    }
  }

  private void line(String line, String[] fields) {
    if (line.isEmpty() && fields[2] != null) {
      events.add(Optional.of(event(fields)));
      fields[2] = null;
    }
    if (line.startsWith("id: ")) {
      fields[0] = line.substring(4);
    } else if (line.startsWith("event: ")) {
      fields[1] = line.substring(7);
    } else if (line.startsWith("data: ")) {
      fields[2] = line.substring(6);
    }
  }

  private static Event event(String[] fields) {
    ContractCheck.checkEvent(fields[2]);
    Event event = new Event(fields[0], fields[1], json(fields[2]));
    if (!event.state().equals(event.data().path("state").textValue())
        || !event.id().matches("[0-9]{1,18}-[0-9]{1,18}")) {
      throw new AssertionError("an event's name or id is not the contract's: " + event);
    }
    return event;
  }

  private static JsonNode json(String data) {
    try {
      return Json.mapper().readTree(data);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(data, broken);
    }
  }
}
