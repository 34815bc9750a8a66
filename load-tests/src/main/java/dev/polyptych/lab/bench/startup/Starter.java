package dev.polyptych.lab.bench.startup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Child;
import dev.polyptych.lab.process.Children;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Starts a process, draws one job with it and ends it. Used by one thread. */
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

  /** The whole cluster on an empty folder; its job is submitted once it is ready. */
  Start up(List<String> arm) throws InterruptedException {
    String data = setup.folder().resolve("data-" + started).toString();
    List<String> arguments =
        List.of("up", "--data", data, "--set", "port=0", "--set", "managementPort=0");
    return measured(arm, arguments, Optional.empty());
  }

  /** A worker for which a job waits. */
  Start worker(List<String> arm) throws InterruptedException {
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

  private Start measured(List<String> arm, List<String> arguments, Optional<String> waiting)
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
      return new Start(
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
}
