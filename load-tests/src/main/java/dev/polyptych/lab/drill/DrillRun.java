package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.Audit;
import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.embedded.FreePort;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.Drill.Incident;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.drill.DrillReport.DrillTally;
import dev.polyptych.lab.drill.Jobs.Accepted;
import dev.polyptych.lab.process.Await.AwaitTimeoutException;
import dev.polyptych.lab.process.Children;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Retention;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts a cluster with a steady load, runs the drills on it, and audits the jobs at the end. */
public final class DrillRun {
  private static final String HOST = "127.0.0.1";
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(10);
  private static final long LOOK_SECONDS = 5;

  private final DrillSetup setup;
  private final SortedMap<DrillKind, Integer> counts;
  private final Consumer<String> progress;
  private int mishaps;

  /**
   * @param counts how often each kind runs
   */
  public DrillRun(DrillSetup setup, Map<DrillKind, Integer> counts, Consumer<String> progress) {
    this.setup = setup;
    this.counts = new TreeMap<>(counts);
    this.progress = progress;
  }

  /**
   * Runs all drills. It reports a drill that fails and continues with the next.
   *
   * @throws IOException if the backends do not answer at the end
   */
  public DrillReport run() throws IOException, InterruptedException {
    if (!counts.containsKey(DrillKind.OBJECT_STORE)) {
      return run(Optional.empty());
    }
    try (DrillObjects objects = DrillObjects.start()) {
      return run(Optional.of(objects));
    }
  }

  private DrillReport run(Optional<DrillObjects> objects) throws IOException, InterruptedException {
    return onStage(
        setup,
        objects,
        progress,
        (stage, audit) -> {
          List<DrillTally> tallies = underLoad(stage);
          JobEnds ends = stage.jobs().ends();
          List<String> accepted = stage.jobs().accepted().ids();
          return new DrillReport(
              tallies,
              accepted.size(),
              ends.forgottenDone(),
              mishaps + stage.cluster().ended(),
              ends.missed(audit.settled(), accepted));
        });
  }

  /** Work on a cluster. */
  interface StageWork<T> {
    T on(Stage stage, SettledAudit audit) throws IOException, InterruptedException;
  }

  /** Audits the accepted jobs once no job is open, or once that takes too long. */
  interface SettledAudit {
    AuditReport settled() throws IOException, InterruptedException;
  }

  /**
   * Starts backends and a cluster, and ends them after the work.
   *
   * @param objects the object store of the cluster, if it has one; workers keep images in Redis
   *     nevertheless, unless a drill starts them otherwise
   */
  static <T> T onStage(
      DrillSetup setup,
      Optional<DrillObjects> objects,
      Consumer<String> progress,
      StageWork<T> work)
      throws IOException, InterruptedException {
    int port = FreePort.next();
    URI dispatcher = URI.create("http://" + HOST + ":" + port);
    try (TcpProxy broker = TcpProxy.open();
        TcpProxy redis = TcpProxy.open();
        DrillBackends backends =
            DrillBackends.start(
                setup.folder(),
                CatalogFile.builtIn(setup.catalog()).model(),
                broker.port(),
                setup.session());
        Children children = new Children(setup.folder().resolve("logs"));
        Accepted accepted = new Accepted(setup.folder().resolve("accepted.txt"));
        DrillClient api = new DrillClient(dispatcher)) {
      broker.leadTo(backends.brokerPort());
      redis.leadTo(backends.redisPort());
      var addresses =
          new Audit.Backends(
              HOST + ":" + broker.port(),
              KafkaSecurity.NONE,
              RedisServer.address(redis.port()),
              objects.map(DrillObjects::address),
              Retention.DEFAULT);
      DrillCluster cluster =
          new DrillCluster(setup, children, api, connections(addresses), port, progress);
      cluster.complete();
      Jobs jobs = new Jobs(api, setup.tasks(), accepted);
      var wires = new Stage.Wires(broker, redis, objects.map(DrillObjects::wire));
      return work.on(
          new Stage(cluster, api, jobs, backends, wires), () -> settled(addresses, jobs, progress));
    }
  }

  private static DrillCluster.Connections connections(Audit.Backends backends) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrapServers", backends.bootstrapServers());
    settings.put("redis", backends.redis().toString());
    backends.objects().ifPresent(objects -> settings.put("objects", objects.location().toString()));
    backends
        .objects()
        .flatMap(ObjectSettings::endpoint)
        .ifPresent(endpoint -> settings.put("objectsEndpoint", endpoint.toString()));
    return new DrillCluster.Connections(
        settings, backends.objects().isPresent() ? DrillObjects.credentials() : Map.of());
  }

  private List<DrillTally> underLoad(Stage stage) throws InterruptedException {
    List<DrillTally> tallies = new ArrayList<>();
    DrillSetup.Size size = setup.size();
    try (DrillLoad load = DrillLoad.start(stage.jobs(), size.openJobs(), size.steps())) {
      for (Map.Entry<DrillKind, Integer> entry : counts.entrySet()) {
        Drill drill = Drills.of(entry.getKey(), stage, setup);
        tallies.add(repeated(entry.getKey(), drill, entry.getValue(), stage.cluster()));
      }
      finish(stage.cluster(), load);
    }
    return tallies;
  }

  /** Reports a failure and returns, because the audit is useful in any case. */
  private void finish(DrillCluster cluster, DrillLoad load) throws InterruptedException {
    progress.accept("the drills have ended; waiting until every job is settled");
    try {
      cluster.complete();
      load.finish();
    } catch (DrillFailedException | AwaitTimeoutException failed) {
      mishaps++;
      progress.accept("after the drills: " + failed.getMessage());
    }
  }

  private DrillTally repeated(DrillKind kind, Drill drill, int times, DrillCluster cluster)
      throws InterruptedException {
    List<Incident> incidents = new ArrayList<>();
    int endedBefore = cluster.ended();
    for (int i = 1; i <= times; i++) {
      String name = "%s %d of %d".formatted(kind.text(), i, times);
      try {
        cluster.complete();
        Incident incident = drill.run();
        incidents.add(incident);
        progress.accept(name + ": " + incident.text());
      } catch (DrillFailedException | AwaitTimeoutException failed) {
        progress.accept("%s FAILED: %s".formatted(name, failed.getMessage()));
      }
    }
    return new DrillTally(kind, times, incidents, cluster.ended() - endedBefore);
  }

  /** Audits repeatedly until no job is open, or until that takes too long. */
  private static AuditReport settled(Audit.Backends backends, Jobs jobs, Consumer<String> progress)
      throws IOException, InterruptedException {
    Audit audit = new Audit(backends, Clock.systemUTC(), text -> {});
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (true) {
      AuditReport report = audit.run(jobs.remembered());
      if (report.open() == 0 || System.nanoTime() > deadline) {
        return report;
      }
      progress.accept(report.open() + " jobs are open");
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    }
  }

  /**
   * The setup of a run of drills.
   *
   * @param folder keeps data, logs and the ids of accepted jobs
   * @param session after which the broker gives a silent worker's partitions to others; at least 3
   *     seconds
   * @param catalog of the workers' model, as in the settings
   */
  public record DrillSetup(
      Path folder, Duration session, String catalog, List<Task> tasks, Size size) {
    public DrillSetup {
      tasks = List.copyOf(tasks);
    }

    /**
     * The size of the run.
     *
     * @param openJobs number of jobs that the steady load keeps open
     * @param steps of each job, 1 to 100
     * @param checkpointEvery in whole seconds; zero: after every step
     */
    public record Size(int workers, int openJobs, int steps, Duration checkpointEvery) {}
  }
}
