package dev.polyptych.lab.drill;

import dev.polyptych.embedded.FreePort;
import dev.polyptych.lab.drill.Drill.DrillFailedException;
import dev.polyptych.lab.drill.DrillRun.DrillSetup;
import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.ChildJava;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Children.Member;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One dispatcher and a few workers, each in its own process. Only the thread that runs the drills
 * uses it.
 */
final class DrillCluster {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  static final String RESUMED = "polyptych_worker_resumed_jobs_total";

  private static final String BACKLOG = "polyptych_dispatcher_backlog_jobs";
  private static final int MOST_TRIES = 5;

  /** Few enough that the catalog's adapters rank partitions of every worker first. */
  static final int PARTITIONS = 8;

  private final DrillSetup setup;
  private final Children children;
  private final DrillClient api;
  private final Connections backends;
  private final int port;
  private final Consumer<String> progress;
  private final Map<String, Member> workers = new LinkedHashMap<>();
  private Member dispatcher;
  private int started;
  private int ended;

  /**
   * @param backends what every process gets
   * @param port of the dispatcher
   */
  DrillCluster(
      DrillSetup setup,
      Children children,
      DrillClient api,
      Connections backends,
      int port,
      Consumer<String> progress) {
    this.setup = setup;
    this.children = children;
    this.api = api;
    this.backends = backends;
    this.port = port;
    this.progress = progress;
  }

  /**
   * Starts missing processes and returns when all are ready.
   *
   * @throws DrillFailedException if processes repeatedly end by themselves
   */
  void complete() throws InterruptedException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      startMissing();
      List<Member> all = members();
      for (Member member : all) {
        awaitReady(member);
      }
      if (all.stream().allMatch(member -> member.child().alive())) {
        return;
      }
    }
    throw new DrillFailedException("processes end by themselves right after their start");
  }

  /**
   * What processes connect with.
   *
   * @param settings addresses of the backends
   * @param environment further variables
   */
  record Connections(Map<String, String> settings, Map<String, String> environment) {
    Connections {
      settings = Map.copyOf(settings);
      environment = Map.copyOf(environment);
    }
  }

  private void startMissing() {
    removeEnded();
    if (dispatcher == null) {
      startDispatcher(Map.of());
    }
    while (workers.size() < setup.size().workers()) {
      startWorker(Map.of());
    }
  }

  /** Starts it. It becomes ready later. */
  void startDispatcher(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>(backends.settings());
    settings.put("catalog", setup.catalog());
    settings.put("port", Integer.toString(port));
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("sweepAfterSeconds", "15");
    dispatcher = start("dispatcher", "dispatcher", settings, environment);
  }

  /** Starts a worker with a new id. It becomes ready later. */
  Member startWorker(Map<String, String> environment) {
    return startWorker(environment, Map.of());
  }

  /** Starts a worker with other settings. */
  Member startWorker(Map<String, String> environment, Map<String, String> others) {
    String id = "worker-" + ++started;
    Map<String, String> settings = new LinkedHashMap<>(backends.settings());
    settings.put("workerId", id);
    settings.put("intraOpThreads", "1");
    settings.put("undrawableSeconds", "20");
    settings.put("checkpointSeconds", Long.toString(setup.size().checkpointEvery().toSeconds()));
    settings.putAll(others);
    Member worker = start("worker", id, settings, environment);
    workers.put(id, worker);
    return worker;
  }

  /** Waits until it is ready or has ended. */
  void awaitReady(Member member) throws InterruptedException {
    Await.until(
        member.id() + " to be ready; see " + member.child().log(),
        READY_WITHIN,
        () -> Await.when(!member.child().alive() || ready(member)));
  }

  private boolean ready(Member member) throws InterruptedException {
    boolean serves = !member.equals(dispatcher) || api.answers();
    return serves && api.ready(member.managementPort());
  }

  Optional<Member> worker(String id) {
    return Optional.ofNullable(workers.get(id));
  }

  /** Jobs that wait or are being rendered; 0 without an answer. */
  long backlog() throws InterruptedException {
    return dispatcher == null ? 0 : api.counter(dispatcher.managementPort(), BACKLOG);
  }

  /** The live workers. */
  List<Member> workers() {
    return List.copyOf(workers.values());
  }

  /** The worker that was started first. */
  Member oldestWorker() {
    return workers.values().iterator().next();
  }

  void killWorker(Member worker) throws InterruptedException {
    workers.remove(worker.id());
    worker.child().kill();
  }

  void endWorker(Member worker) throws InterruptedException {
    workers.remove(worker.id());
    worker.child().end();
  }

  void killDispatcher() throws InterruptedException {
    dispatcher.child().kill();
    dispatcher = null;
  }

  /**
   * Number of jobs that live workers resumed from a checkpoint.
   *
   * @param except a worker that is left out
   */
  long resumed(Member except) throws InterruptedException {
    long sum = 0;
    for (Member worker : workers.values()) {
      sum += worker.equals(except) ? 0 : api.counter(worker.managementPort(), RESUMED);
    }
    return sum;
  }

  /** Where data and logs of the run are. */
  Path folder() {
    return setup.folder();
  }

  /** Number of processes that have ended by themselves. */
  int ended() {
    removeEnded();
    return ended;
  }

  private Member start(
      String command, String id, Map<String, String> settings, Map<String, String> environment) {
    int management = FreePort.next();
    settings.put("managementPort", Integer.toString(management));
    List<String> line = ChildJava.polyptych(command, settings);
    Map<String, String> variables = new HashMap<>(backends.environment());
    variables.putAll(environment);
    return new Member(id, management, children.start(id, line, variables));
  }

  /** The live processes. */
  List<Member> members() {
    List<Member> all = new ArrayList<>(workers.values());
    Optional.ofNullable(dispatcher).ifPresent(all::add);
    return all;
  }

  private void removeEnded() {
    for (Member member : members()) {
      if (!member.child().alive()) {
        ended++;
        progress.accept(
            "%s ended by itself with status %d; its log is %s"
                .formatted(
                    member.id(), member.child().process().exitValue(), member.child().log()));
        workers.remove(member.id());
        dispatcher = member.equals(dispatcher) ? null : dispatcher;
      }
    }
  }

  /** The cluster under test and the means to break it. */
  record Stage(
      DrillCluster cluster, DrillClient api, Jobs jobs, DrillBackends backends, Wires wires) {
    private static final int PROBE_STEPS = 4;

    /** The connections between the processes and their backends. */
    record Wires(TcpProxy broker, TcpProxy redis, Optional<TcpProxy> objects) {}

    /** Submits a short interactive job and waits until it is done. */
    JobStatus probe() throws InterruptedException {
      return jobs.awaitDone(jobs.submit(Lane.INTERACTIVE, PROBE_STEPS));
    }
  }
}
