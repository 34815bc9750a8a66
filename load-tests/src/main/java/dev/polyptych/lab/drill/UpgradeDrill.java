package dev.polyptych.lab.drill;

import dev.polyptych.client.DispatcherClient;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Replaces dispatchers and workers of one version by those of another version and back, one process
 * at a time, on one Kafka and one Redis, while jobs arrive. Every pair of versions works side by
 * side. Every job must be done. Used by one thread.
 */
public final class UpgradeDrill {
  /** From old to new and back with the dispatcher first, then both with the worker first. */
  private static final List<Step> STEPS =
      List.of(
          new Step(Role.DISPATCHER, Version.NEW),
          new Step(Role.WORKER, Version.NEW),
          new Step(Role.DISPATCHER, Version.OLD),
          new Step(Role.WORKER, Version.OLD),
          new Step(Role.WORKER, Version.NEW),
          new Step(Role.DISPATCHER, Version.NEW),
          new Step(Role.WORKER, Version.OLD),
          new Step(Role.DISPATCHER, Version.OLD));

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  private final Setup setup;
  private final Children children;
  private final Consumer<String> progress;
  private final Set<String> accepted = new LinkedHashSet<>();
  private final Set<String> open = new LinkedHashSet<>();
  private Running dispatcher;
  private Running worker;
  private int started;

  /** One of the two versions. */
  public enum Version {
    OLD,
    NEW
  }

  private enum Role {
    DISPATCHER,
    WORKER
  }

  private record Step(Role role, Version to) {}

  /** A process. The address is used only for a dispatcher. */
  private record Running(Version version, Member member, URI address) {}

  /**
   * The setup of the drill.
   *
   * @param commands command line of each version, without a subcommand
   * @param cluster settings of all processes: broker, Redis, catalog
   * @param worker settings of workers
   * @param tasks of the catalog
   * @param jobs number of jobs that are submitted at a time
   * @param steps of each job
   */
  public record Setup(
      Map<Version, List<String>> commands,
      Map<String, String> cluster,
      Map<String, String> worker,
      List<Task> tasks,
      int jobs,
      int steps) {}

  public UpgradeDrill(Setup setup, Children children, Consumer<String> progress) {
    this.setup = setup;
    this.children = children;
    this.progress = progress;
  }

  /**
   * Runs all steps.
   *
   * @return ids of the accepted jobs; all of them are done
   * @throws DrillFailedException if a job is not done or cannot be read
   */
  public Set<String> run() throws IOException, InterruptedException {
    dispatcher = start(Role.DISPATCHER, Version.OLD);
    worker = start(Role.WORKER, Version.OLD);
    for (Step step : STEPS) {
      replace(step);
    }
    dispatcher.member().child().end();
    worker.member().child().end();
    return Set.copyOf(accepted);
  }

  /** Submits jobs before, during and after the change. Jobs from before are open during it. */
  private void replace(Step step) throws IOException, InterruptedException {
    int before = accepted.size();
    long begun = System.nanoTime();
    submit(dispatcher);
    Running next = start(step.role(), step.to());
    submit(dispatcher);
    Running last;
    if (step.role() == Role.DISPATCHER) {
      last = dispatcher;
      submit(next);
      // Each dispatcher must read the jobs of the other one.
      for (String id : open) {
        status(last, id);
        status(next, id);
      }
      dispatcher = next;
    } else {
      last = worker;
      worker = next;
    }
    last.member().child().end();
    submit(dispatcher);
    finishAll();
    progress.accept(
        "%-10s %s to %s: %d jobs done with dispatcher %s and worker %s, %.0f s"
            .formatted(
                step.role(),
                last.version(),
                step.to(),
                accepted.size() - before,
                dispatcher.version(),
                worker.version(),
                (System.nanoTime() - begun) / 1e9));
  }

  private void submit(Running to) throws IOException, InterruptedException {
    try (DispatcherClient client = new DispatcherClient(to.address())) {
      for (int job = 0; job < setup.jobs(); job++) {
        Task task = setup.tasks().get(accepted.size() % setup.tasks().size());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("task", task.id());
        body.put("prompt", task.example().prompt());
        body.put("panels", task.example().panels());
        body.put("steps", setup.steps());
        body.put("lane", accepted.size() % 2 == 0 ? "interactive" : "batch");
        String id = client.submit(Json.bytes(body)).id();
        accepted.add(id);
        open.add(id);
      }
    }
  }

  /** Follows the events of all open jobs to their end and reads their results. */
  private void finishAll() throws IOException, InterruptedException {
    try (DispatcherClient client = new DispatcherClient(dispatcher.address())) {
      for (String id : open) {
        Await.until(
            "job " + id + " to end",
            DONE_WITHIN,
            () -> Await.when(status(dispatcher, id).state().terminal()));
        var last = client.follow(id, event -> {});
        if (last.state() != JobState.DONE) {
          throw new DrillFailedException("job %s ended %s".formatted(id, last.state().text()));
        }
        client.receipt(id);
        client.image(id, "sheet");
      }
    }
    open.clear();
  }

  private static JobStatus status(Running of, String id) throws InterruptedException {
    try (DispatcherClient client = new DispatcherClient(of.address())) {
      return client.status(id);
    } catch (IOException unreadable) {
      throw new DrillFailedException(
          "dispatcher %s cannot read job %s: %s"
              .formatted(of.version(), id, unreadable.getMessage()));
    }
  }

  private Running start(Role role, Version version) throws InterruptedException {
    String id = "%s-%s-%d".formatted(role, version, ++started).toLowerCase(Locale.ROOT);
    int management = FreePort.next();
    int port = FreePort.next();
    Map<String, String> settings = new LinkedHashMap<>(setup.cluster());
    settings.put("managementPort", Integer.toString(management));
    if (role == Role.DISPATCHER) {
      settings.put("port", Integer.toString(port));
      settings.put("partitions", "8");
    } else {
      settings.put("workerId", id);
      settings.putAll(setup.worker());
    }
    List<String> line = new ArrayList<>(setup.commands().get(version));
    line.add(role.name().toLowerCase(Locale.ROOT));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    Member member = new Member(id, management, children.start(id, line, Map.of()));
    Running running = new Running(version, member, URI.create("http://127.0.0.1:" + port));
    try (DrillClient api = new DrillClient(running.address())) {
      Await.until(
          id + " to be ready; see " + member.child().log(),
          READY_WITHIN,
          () -> Await.when(api.ready(management) && (role == Role.WORKER || api.answers())));
    }
    return running;
  }
}
