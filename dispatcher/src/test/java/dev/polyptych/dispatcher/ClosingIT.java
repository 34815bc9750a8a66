package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.EventStreamCaller.Event;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClosingIT {
  @Test
  void closingEndsEventStreamsInGoodOrder() {
    try (RunningDispatcher running = RunningDispatcher.start()) {
      String id = running.caller().submitted(Requests.COUPLE);
      try (EventStreamCaller events = EventStreamCaller.open(running.caller(), id)) {
        assertEquals("accepted", events.next().state());

        running.dispatcher().close();

        assertEquals(List.of("queued"), events.rest().stream().map(Event::state).toList());
      }
    }
  }

  @Test
  void afterClosingNobodyListens() {
    try (RunningDispatcher running = RunningDispatcher.start()) {
      running.dispatcher().close();

      assertThrows(UncheckedIOException.class, () -> running.caller().get("/v1/tasks"));
    }
  }

  @Test
  void everySubmissionUnderWayIsAnsweredOrNeverTaken() throws Exception {
    try (RunningDispatcher running = RunningDispatcher.start();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      running.caller().submitted(Requests.COUPLE);
      List<Future<String>> submissions =
          IntStream.range(0, 100)
              .mapToObj(n -> callers.submit(() -> running.caller().submitted(Requests.COUPLE)))
              .toList();
      submissions.getFirst().get();

      running.dispatcher().close();

      for (Future<String> submission : submissions) {
        try {
          assertTrue(running.store().status(submission.get()).isPresent());
        } catch (ExecutionException refused) {
          assertEquals(UncheckedIOException.class, refused.getCause().getClass());
        }
      }
    }
  }

  @Test
  void closingTwiceIsNoMistake() {
    try (RunningDispatcher running = RunningDispatcher.start()) {
      running.dispatcher().close();
      running.dispatcher().close();
    }
  }
}
