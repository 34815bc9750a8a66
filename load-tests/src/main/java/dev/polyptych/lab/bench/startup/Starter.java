package dev.polyptych.lab.bench.startup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.client.DispatcherClient;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.startup.StartupBench.StartupSetup;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Child;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Starts a process, lets it draw one job and ends it. Used by one thread. */
final class Starter implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("POLYPTYCH_LOG_FORMAT", "json", "POLYPTYCH_LOG_LEVEL", "INFO");

  private final StartupSetup setup;
  private final FirstJob job;
  private final Children children;
  private int started;

  Starter(StartupSetup setup) {
    this.setup = setup;
    this.job = new FirstJob(setup.task());
    this.children = new Children(setup.folder().resolve("logs"));
  }

  /** Starts the whole cluster on an empty folder and submits a job when it is ready. */
  MeasuredStart up(List<String> arm) throws InterruptedException {
    String data = setup.folder().resolve("data-" + started).toString();
    List<String> arguments =
        List.of("up", "--data", data, "--set", "port=0", "--set", "managementPort=0");
    return measured(arm, arguments, Optional.empty());
  }

  /** Starts a worker for which a job waits. */
  MeasuredStart worker(List<String> arm) throws InterruptedException {
    StartupSetup.Running running = setup.running();
    String id = job.submit(running.dispatcher());
    List<String> arguments =
        List.of(
            "worker",
            "--set",
            "bootstrapServers=" + running.bootstrapServers(),
            "--set",
            "redis=" + running.redis(),
            "--set",
            "managementPort=0");
    return measured(arm, arguments, Optional.of(id));
  }

  private MeasuredStart measured(List<String> arm, List<String> arguments, Optional<String> waiting)
      throws InterruptedException {
    List<String> command = new ArrayList<>(arm);
    command.addAll(arguments);
    Instant begin = Instant.now();
    Child child = children.start(arguments.getFirst() + "-" + started++, command, ENVIRONMENT);
    try {
      JsonNode ready = seen(child, "it to be ready", StartLog::ready);
      double processor = processorSeconds(child);
      URI dispatcher = setup.running().dispatcher();
      String id = waiting.orElse("");
      if (waiting.isEmpty()) {
        dispatcher = seen(child, "its address", StartLog::dispatcher);
        id = job.submit(dispatcher);
      }
      Instant step = seen(child, "its first step", StartLog::firstStep);
      job.awaitEnd(dispatcher, id);
      return new MeasuredStart(
          seconds(begin, StartLog.at(ready)),
          processor,
          seconds(begin, step),
          StartLog.parts(ready));
    } finally {
      child.end();
    }
  }

  private static <T> T seen(Child child, String what, Function<StartLog, Optional<T>> eye)
      throws InterruptedException {
    Path log = child.log();
    return Await.until(
        what + " (" + log + ")",
        WITHIN,
        () -> {
          Optional<T> seen = eye.apply(StartLog.read(log));
          if (seen.isEmpty() && !child.alive()) {
            throw new IllegalStateException("a process ended while it started; see " + log);
          }
          return seen;
        });
  }

  private static double processorSeconds(Child child) {
    return child.process().info().totalCpuDuration().map(Starter::seconds).orElse(Double.NaN);
  }

  private static double seconds(Instant from, Instant to) {
    return seconds(Duration.between(from, to));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  @Override
  public void close() {
    children.close();
  }

  /**
   * One start of a process.
   *
   * @param readySeconds from the start until it reported that it was ready
   * @param processorSeconds that it had used by then
   * @param firstStepSeconds from the start until it had drawn its first step
   * @param parts seconds of each part, as the process logged them
   */
  record MeasuredStart(
      double readySeconds,
      double processorSeconds,
      double firstStepSeconds,
      Map<String, Double> parts) {}

  /** Submits the first job of a process. */
  static final class FirstJob {
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final int STEPS = 4;

    private final byte[] body;

    FirstJob(Task task) {
      this.body = Json.bytes(ExampleJobs.of(task, 1, STEPS));
    }

    /** Submits as soon as the dispatcher accepts jobs. Returns the id. */
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

    private static Optional<JobStatus> ended(DispatcherClient client, String id)
        throws InterruptedException {
      try {
        return Optional.of(client.status(id)).filter(status -> status.state().terminal());
      } catch (IOException notYet) {
        return Optional.empty();
      }
    }
  }
}
