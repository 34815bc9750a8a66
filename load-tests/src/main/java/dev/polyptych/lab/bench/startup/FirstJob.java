package dev.polyptych.lab.bench.startup;

import dev.polyptych.client.DispatcherClient;
import dev.polyptych.lab.bench.dispatch.BenchJob;
import dev.polyptych.lab.process.Await;
import dev.polyptych.schema.catalog.Task;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Submits the job whose first step is waited for. */
final class FirstJob {
  private static final Duration WITHIN = Duration.ofMinutes(2);
  private static final int STEPS = 4;

  private final byte[] body;

  FirstJob(Task task) {
    this.body = BenchJob.of(task, STEPS).body();
  }

  /** As soon as the dispatcher takes it; its id. */
  String submit(URI dispatcher) throws InterruptedException {
    try (DispatcherClient client = new DispatcherClient(dispatcher)) {
      return Await.until("a job to be accepted", WITHIN, () -> accepted(client));
    }
  }

  /** Waits for its end. */
  void awaitEnd(URI dispatcher, String id) throws InterruptedException {
    try (DispatcherClient client = new DispatcherClient(dispatcher)) {
      Await.until("job " + id + " to end", WITHIN, () -> ended(client, id));
    }
  }

  private Optional<String> accepted(DispatcherClient client) throws InterruptedException {
    try {
      return Optional.of(client.submit(body).id());
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private static Optional<String> ended(DispatcherClient client, String id)
      throws InterruptedException {
    try {
      return client.status(id).state().terminal() ? Optional.of(id) : Optional.empty();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }
}
