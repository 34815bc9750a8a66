package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.EventStreamCaller.Event;
import dev.polyptych.embedded.Backends;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

class EventsIT {
  private static RunningDispatcher running;
  private static ApiCaller caller;
  private static JobStore store;
  private static JobResults results;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
    caller = running.caller();
    store = running.store();
    results = new JobResults(running.redis());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void aReaderSeesTheWholeLifeOfAJobAndThenTheEnd() {
    String id = caller.submitted(Requests.COUPLE);
    try (EventStreamCaller events = EventStreamCaller.open(caller, id)) {
      assertEquals("accepted", events.next().state());
      assertEquals("queued", events.next().state());

      int attempt = Worker.claims(store, id);
      store.progress(id, attempt, 5, true);
      Worker.finishes(store, id, attempt);

      List<Event> rest = events.rest();
      assertEquals(
          List.of("rendering", "rendering", "done"), rest.stream().map(Event::state).toList());
      assertEquals(5, rest.get(1).data().path("step").intValue());
      assertEquals(20, rest.get(2).data().path("step").intValue());
      assertEquals(
          Optional.of("text/event-stream"), events.answer().headers().firstValue("Content-Type"));
    }
  }

  @Test
  void aReaderThatComesBackMissesNothingAndSeesNothingTwice() {
    String id = caller.submitted(Requests.COUPLE);
    int attempt = Worker.claims(store, id);
    List<Event> seen = new ArrayList<>();
    try (EventStreamCaller first = EventStreamCaller.open(caller, id)) {
      store.progress(id, attempt, 1, true);
      IntStream.range(0, 4).forEach(event -> seen.add(first.next()));
    }
    store.progress(id, attempt, 2, true);

    HttpRequest.Builder again =
        caller.request("/v1/jobs/" + id + "/events").header("Last-Event-ID", seen.getLast().id());
    try (EventStreamCaller second = EventStreamCaller.open(caller, again)) {
      seen.add(second.next());
      store.progress(id, attempt, 3, true);
      Worker.finishes(store, id, attempt);
      seen.addAll(second.rest());
    }

    assertEquals(
        results.events(id, "").stream().map(event -> event.eventId()).toList(),
        seen.stream().map(Event::id).toList());
  }

  @Test
  void nothingIsLostWhileTheSubscriptionIsBroken() {
    String id = caller.submitted(Requests.COUPLE);
    int attempt = Worker.claims(store, id);
    List<Event> seen = new ArrayList<>();
    try (EventStreamCaller events = EventStreamCaller.open(caller, id)) {
      IntStream.range(0, 3).forEach(event -> seen.add(events.next()));

      for (int step = 1; step <= 10; step++) {
        store.progress(id, attempt, step, true);
        if (step % 5 == 0) {
          breakSubscriptions();
        }
      }
      IntStream.range(0, 10).forEach(event -> seen.add(events.next()));
      Worker.finishes(store, id, attempt);
      seen.addAll(events.rest());
    }

    assertEquals(
        results.events(id, "").stream().map(event -> event.eventId()).toList(),
        seen.stream().map(Event::id).toList());
  }

  @Test
  void manyReadersOfManyJobsEachGetTheirOwn() {
    List<String> ids =
        IntStream.range(0, 20).mapToObj(job -> caller.submitted(Requests.COUPLE)).toList();
    List<EventStreamCaller> readers =
        ids.stream()
            .flatMap(id -> IntStream.range(0, 5).mapToObj(n -> EventStreamCaller.open(caller, id)))
            .toList();

    ids.forEach(id -> Worker.renders(store, id));

    for (int reader = 0; reader < readers.size(); reader++) {
      String id = ids.get(reader / 5);
      List<Event> all = readers.get(reader).rest();
      assertEquals(
          List.of("accepted", "queued", "rendering", "done"),
          all.stream().map(Event::state).toList());
      assertTrue(all.stream().allMatch(event -> event.data().path("job").textValue().equals(id)));
    }
  }

  @Test
  void aReaderThatHasSeenTheLastEventIsToldNotToComeBack() {
    String id = caller.submitted(Requests.COUPLE);
    Worker.renders(store, id);
    String last = results.events(id, "").getLast().eventId();

    HttpResponse<byte[]> answer = caller.get("/v1/jobs/" + id + "/events?lastEventId=" + last);

    assertEquals(204, answer.statusCode());
  }

  @Test
  void theHeaderGoesBeforeTheQuery() {
    String id = caller.submitted(Requests.COUPLE);
    Worker.renders(store, id);
    String first = results.events(id, "").getFirst().eventId();
    String last = results.events(id, "").getLast().eventId();

    HttpRequest.Builder request =
        caller
            .request("/v1/jobs/" + id + "/events?lastEventId=" + first)
            .header("Last-Event-ID", last);

    assertEquals(204, caller.send(request).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "17-", "-1", "1-2-3", "99999999999999999999-0"})
  void anIdThatIsNoneOfOursIsNamed(String id) {
    HttpResponse<byte[]> answer = caller.get("/v1/jobs/j-1/events?lastEventId=" + id);

    assertEquals(422, answer.statusCode());
    assertEquals(
        "lastEventId", ApiCaller.json(answer).path("errors").path(0).path("field").textValue());
  }

  private static void breakSubscriptions() {
    try (Jedis jedis = new Jedis(Backends.redisUri())) {
      jedis.clientKill(ClientKillParams.clientKillParams().type(ClientType.PUBSUB));
    }
  }
}
