package dev.polyptych.lab.drill;

import dev.polyptych.lab.process.Await;
import dev.polyptych.lab.process.Children;
import dev.polyptych.lab.process.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One dispatcher and a few workers, each a process. Used by the thread that runs the drills. */
final class Cluster {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final String RESUMED = "polyptych_worker_resumed_jobs_total";

  private static final int MOST_TRIES = 5;

  /** Few enough that every worker has some of those that the catalog's adapters are ranked to. */
  private static final int PARTITIONS = 8;

  private final DrillSetup setup;
  private final Children children;
  private final Api api;
  private final Map<String, String> backends;
  private final int port;
  private final Consumer<String> progress;
  private final Map<String, Member> workers = new LinkedHashMap<>();
  private Member dispatcher;
  private int started;
  private int unasked;

  /**
   * @param backends the settings that name broker and Redis
   * @param port the dispatcher's
   */
  Cluster(
      DrillSetup setup,
      Children children,
      Api api,
      Map<String, String> backends,
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
   * Starts what is missing, and returns when everything says that it is ready.
   *
   * @throws DrillFailedException when a process keeps ending by itself
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
    throw new DrillFailedException("processes end by themselves as soon as they are started");
  }

  private void startMissing() {
    bury();
    if (dispatcher == null) {
      startDispatcher(Map.of());
    }
    while (workers.size() < setup.size().workers()) {
      startWorker(Map.of());
    }
  }

  /** Starts one; it is ready some time later. */
  void startDispatcher(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>(backends);
    settings.put("catalog", setup.catalog());
    settings.put("port", Integer.toString(port));
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("sweepAfterSeconds", "15");
    dispatcher = start("dispatcher", "dispatcher", settings, environment);
  }

  /** Starts one under a new id; it is ready some time later. */
  Member startWorker(Map<String, String> environment) {
    String id = "worker-" + ++started;
    Map<String, String> settings = new LinkedHashMap<>(backends);
    settings.put("workerId", id);
    settings.put("intraOpThreads", "1");
    settings.put("checkpointSeconds", Long.toString(setup.size().checkpointEvery().toSeconds()));
    Member worker = start("worker", id, settings, environment);
    workers.put(id, worker);
    return worker;
  }

  /** Returns when it is ready or has ended. */
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

  /** The one that was started first. */
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
   * Jobs that the workers that are alive went on with from a checkpoint.
   *
   * @param besides not asked
   */
  long resumed(Member besides) throws InterruptedException {
    long sum = 0;
    for (Member worker : workers.values()) {
      sum += worker.equals(besides) ? 0 : api.counter(worker.managementPort(), RESUMED);
    }
    return sum;
  }

  /** Processes that ended though nobody had ended them. */
  int unasked() {
    return unasked;
  }

  private Member start(
      String command, String id, Map<String, String> settings, Map<String, String> environment) {
    int management = setup.freePort().getAsInt();
    List<String> line = new ArrayList<>(setup.polyptych());
    line.add(command);
    settings.put("managementPort", Integer.toString(management));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    return new Member(id, management, children.start(id, line, environment));
  }

  private List<Member> members() {
    List<Member> all = new ArrayList<>(workers.values());
    Optional.ofNullable(dispatcher).ifPresent(all::add);
    return all;
  }

  private void bury() {
    for (Member member : members()) {
      if (!member.child().alive()) {
        unasked++;
        progress.accept(
            "%s ended by itself with status %d; its log is %s"
                .formatted(
                    member.id(), member.child().process().exitValue(), member.child().log()));
        workers.remove(member.id());
        dispatcher = member.equals(dispatcher) ? null : dispatcher;
      }
    }
  }
}
