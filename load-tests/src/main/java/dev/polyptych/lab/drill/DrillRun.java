package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.Audit;
import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.WaitedInVainException;
import dev.polyptych.schema.config.KafkaSecurity;
import dev.polyptych.schema.config.Retention;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts a cluster and a steady load, breaks the one under the other, and audits what is left. */
public final class DrillRun {
  private static final String HOST = "127.0.0.1";
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(10);
  private static final long LOOK_SECONDS = 5;

  private final DrillSetup setup;
  private final SortedMap<DrillKind, Integer> counts;
  private final Consumer<String> progress;
  private int mishaps;

  /**
   * @param counts how often each kind is run
   */
  public DrillRun(DrillSetup setup, Map<DrillKind, Integer> counts, Consumer<String> progress) {
    this.setup = setup;
    this.counts = new TreeMap<>(counts);
    this.progress = progress;
  }

  /**
   * Runs all drills; one that fails is told and leaves the others to be run.
   *
   * @throws IOException when the backends don't answer in the end
   */
  public DrillReport run() throws IOException, InterruptedException {
    int port = setup.freePort().getAsInt();
    try (TcpProxy broker = TcpProxy.open();
        TcpProxy redis = TcpProxy.open();
        Backends backends = setup.backends().start(setup.folder(), broker.port());
        Children children = new Children(setup.folder().resolve("logs"));
        Accepted accepted = new Accepted(setup.folder().resolve("accepted.txt"));
        Api api = new Api(URI.create("http://" + HOST + ":" + port))) {
      broker.leadTo(backends.brokerPort());
      redis.leadTo(backends.redisPort());
      var addresses =
          Map.of(
              "bootstrapServers", HOST + ":" + broker.port(),
              "redis", "redis://" + HOST + ":" + redis.port());
      Cluster cluster = new Cluster(setup, children, api, addresses, port, progress);
      cluster.complete();
      Jobs jobs = new Jobs(api, setup.tasks(), accepted);
      var wires = new Stage.Wires(broker, redis);
      List<Tally> tallies = underLoad(new Stage(cluster, api, jobs, backends, wires));
      AuditReport audit = settled(addresses, accepted);
      return new DrillReport(tallies, accepted.ids().size(), mishaps + cluster.unasked(), audit);
    }
  }

  private List<Tally> underLoad(Stage stage) throws InterruptedException {
    List<Tally> tallies = new ArrayList<>();
    DrillSetup.Size size = setup.size();
    try (Load load = Load.start(stage.api(), stage.jobs(), size.openJobs(), size.steps())) {
      for (Map.Entry<DrillKind, Integer> entry : counts.entrySet()) {
        Drill drill = Drills.of(entry.getKey(), stage);
        tallies.add(repeated(entry.getKey(), drill, entry.getValue(), stage.cluster()));
      }
      finish(stage.cluster(), load);
    }
    return tallies;
  }

  /** Whatever goes wrong here, the audit is still worth having. */
  private void finish(Cluster cluster, Load load) throws InterruptedException {
    progress.accept("the drills are over; waiting until every job is settled");
    try {
      cluster.complete();
      load.finish();
    } catch (DrillFailedException | WaitedInVainException failed) {
      mishaps++;
      progress.accept("after the drills: " + failed.getMessage());
    }
  }

  private Tally repeated(DrillKind kind, Drill drill, int times, Cluster cluster)
      throws InterruptedException {
    List<Incident> incidents = new ArrayList<>();
    for (int i = 1; i <= times; i++) {
      String name = "%s %d of %d".formatted(kind.text(), i, times);
      try {
        cluster.complete();
        Incident incident = drill.run();
        incidents.add(incident);
        progress.accept(
            "%s: recovered in %.1f s".formatted(name, incident.recovery().toMillis() / 1000.0));
      } catch (DrillFailedException | WaitedInVainException failed) {
        progress.accept("%s FAILED: %s".formatted(name, failed.getMessage()));
      }
    }
    return new Tally(kind, times, incidents);
  }

  /** Audits until no job is open any more, or until that takes too long. */
  private AuditReport settled(Map<String, String> addresses, Accepted accepted)
      throws IOException, InterruptedException {
    var backends =
        new Audit.Backends(
            addresses.get("bootstrapServers"),
            KafkaSecurity.NONE,
            URI.create(addresses.get("redis")),
            Retention.DEFAULT);
    Audit audit = new Audit(backends, Clock.systemUTC(), text -> {});
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (true) {
      AuditReport report = audit.run(accepted.ids());
      if (report.open() == 0 || System.nanoTime() > deadline) {
        return report;
      }
      progress.accept(report.open() + " jobs are open");
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    }
  }
}
