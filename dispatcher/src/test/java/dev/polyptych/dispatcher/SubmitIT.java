package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubmitIT {
  private static RunningDispatcher running;

  @BeforeAll
  static void start() {
    running = RunningDispatcher.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void anAcceptedJobIsQueuedAndCanBeRead() {
    HttpResponse<byte[]> accepted = running.caller().submit(Requests.COUPLE);

    assertEquals(202, accepted.statusCode());
    String location = accepted.headers().firstValue("Location").orElseThrow();
    HttpResponse<byte[]> status = running.caller().get(location);
    assertEquals(200, status.statusCode());
    assertEquals("queued", ApiCaller.json(status).path("state").textValue());
  }
}
