package dev.polyptych.lab.drill;

import dev.polyptych.client.DispatcherClient;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.bench.ExampleJobs;
import dev.polyptych.lab.bench.dispatch.ProducerArm;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.job.JobId;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.topic.RenderRecord;
import dev.polyptych.schema.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Replaces dispatchers and workers of one version by those of another version and back, one process
 * at a time, on one Kafka and one Redis, while jobs arrive over HTTP and over Kafka. Dispatchers go
 * first, both ways; before the newer workers go, they draw what is on their lanes. Jobs may wait
 * while all workers are of another version than the dispatchers. Every job must be done, but for
 * those that are cancelled. Used by one thread.
 */
public final class UpgradeDrill {
  /** From old to new and back, twice. */
  private static final List<Step> STEPS =
      List.of(
          new Step(Role.DISPATCHER, Version.NEW),
          new Step(Role.WORKER, Version.NEW),
          new Step(Role.DISPATCHER, Version.OLD),
          new Step(Role.WORKER, Version.OLD),
          new Step(Role.DISPATCHER, Version.NEW),
          new Step(Role.WORKER, Version.NEW),
          new Step(Role.DISPATCHER, Version.OLD),
          new Step(Role.WORKER, Version.OLD));

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  private final Setup setup;
  private final Children children;
  private final Consumer<String> progress;
  private final Set<String> accepted = new LinkedHashSet<>();
  private final Set<String> open = new LinkedHashSet<>();

  /** Open jobs that only the newer workers get. */
  private final Set<String> onLanes = new LinkedHashSet<>();

  /** Jobs that were put on Kafka, past the dispatchers. */
  private final Set<String> produced = new LinkedHashSet<>();

  private final Set<String> cancelled = new LinkedHashSet<>();
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
   * @return ids of the accepted jobs; all of them have ended as they should
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
        if (!produced.contains(id)) {
          status(last, id);
          status(next, id);
        }
      }
      dispatcher = next;
    } else {
      last = worker;
      if (last.version() == Version.NEW) {
        finish(onLanes);
      }
      worker = next;
    }
    last.member().child().end();
    submit(dispatcher);
    if (dispatcher.version() == worker.version()) {
      finish(open);
    }
    progress.accept(
        "%-10s %s to %s: %d jobs more, %d open with dispatcher %s and worker %s, %.0f s"
            .formatted(
                step.role(),
                last.version(),
                step.to(),
                accepted.size() - before,
                open.size(),
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
        taken(id, to.version());
        if (job == 0) {
          client.cancel(id);
          cancelled.add(id);
        }
      }
    }
    String direct = produced();
    produced.add(direct);
    taken(direct, to.version());
  }

  private void taken(String id, Version by) {
    accepted.add(id);
    open.add(id);
    if (by == Version.NEW) {
      onLanes.add(id);
    }
  }

  /** Puts a job on Kafka as a backend does, and returns its id. */
  private String produced() throws InterruptedException {
    String id = JobId.next(Clock.systemUTC());
    Task task = setup.tasks().get(accepted.size() % setup.tasks().size());
    JobRequest request =
        ExampleJobs.of(task, accepted.size(), setup.steps(), Lane.INTERACTIVE)
            .withSeed(accepted.size());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.inbox(Lane.INTERACTIVE),
            task.adapter().getBytes(StandardCharsets.UTF_8),
            new RenderRecord(id, TenantId.DEFAULT, request).bytes());
    record.headers().add(Topics.HEADER_DIRECT, "1".getBytes(StandardCharsets.UTF_8));
    String brokers = setup.cluster().get("bootstrapServers");
    try (var producer = ProducerArm.producer(brokers)) {
      producer.send(record).get();
      return id;
    } catch (ExecutionException away) {
      throw new DrillFailedException("a job cannot be produced: " + away);
    }
  }

  /** Waits for the end of jobs, and reads their events and results. */
  private void finish(Set<String> jobs) throws IOException, InterruptedException {
    try (DispatcherClient client = new DispatcherClient(dispatcher.address())) {
      for (String id : List.copyOf(jobs)) {
        Await.until("job " + id + " to end", DONE_WITHIN, () -> Await.when(ended(id)));
        open.remove(id);
        onLanes.remove(id);
        var last = client.follow(id, event -> {});
        if (cancelled.contains(id) && last.state() == JobState.CANCELLED) {
          continue;
        }
        if (last.state() != JobState.DONE) {
          throw new DrillFailedException("job %s ended %s".formatted(id, last.state().text()));
        }
        client.receipt(id);
        client.image(id, "sheet");
      }
    }
  }

  /** A job that was put on Kafka is unknown until a dispatcher or an older worker reads it. */
  private boolean ended(String id) throws InterruptedException {
    try (DrillClient client = new DrillClient(dispatcher.address())) {
      return client.status(id).filter(status -> status.state().terminal()).isPresent();
    }
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
