package dev.polyptych.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that ends its event streams when told to, which a real one does only rarely. */
class DispatcherClientTest {
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> lastEventIds = new ConcurrentLinkedQueue<>();
  private final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private DispatcherClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/jobs/j/events", this::answer);
    server.start();
    client = new DispatcherClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void aStreamThatBreaksOffIsTakenUpAfterTheLastEventSeen() throws Exception {
    // Given
    answers.add(event("1-0", "queued", 0) + event("2-0", "rendering", 1));
    answers.add(event("3-0", "rendering", 2) + event("4-0", "done", 2));
    List<Integer> steps = new ArrayList<>();
    // When
    JobEvent last = client.follow("j", event -> steps.add(event.step()));
    // Then
    assertEquals(JobState.DONE, last.state());
    assertEquals(List.of(0, 1, 2, 2), steps);
    assertEquals(List.of("", "2-0"), List.copyOf(lastEventIds));
  }

  @Test
  void streamsThatEndAgainAndAgainWithoutAnEventAreGivenUp() {
    // Given no answers but empty ones
    // When
    IOException givenUp = assertThrows(IOException.class, () -> client.follow("j", _ -> {}));
    // Then
    assertTrue(givenUp.getMessage().contains("before the job"), givenUp.getMessage());
  }

  @Test
  void everyRequestShowsTheKeyButTheQuestionWhoAnswersDoesNot() throws Exception {
    // Given a dispatcher that asks for a key
    URI dispatcher = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    server.createContext("/v1/tasks", this::refuse);
    answers.add(event("1-0", "done", 2));
    // When
    try (DispatcherClient keyed = new DispatcherClient(dispatcher, Optional.of("pp_key"))) {
      assertTrue(keyed.answers());
      keyed.follow("j", _ -> {});
    }
    // Then
    assertEquals(List.of("none", "Bearer pp_key"), List.copyOf(authorizations));
  }

  private void refuse(HttpExchange exchange) throws IOException {
    note(exchange);
    byte[] body = "{\"code\":\"UNAUTHENTICATED\"}".getBytes(UTF_8);
    exchange.sendResponseHeaders(401, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void note(HttpExchange exchange) {
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(shown == null ? "none" : shown);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String lastEventId = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    note(exchange);
    lastEventIds.add(lastEventId == null ? "" : lastEventId);
    byte[] body = (answers.isEmpty() ? "" : answers.remove()).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String event(String id, String state, int step) {
    return """
        id: %s
        event: %s
        data: {"v":1,"job":"j","state":"%s","at":"2026-11-23T00:00:00Z","attempt":1,"step":%d,"steps":2}

        """
        .formatted(id, state, state, step);
  }
}
