package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.Nodes.Machinery;
import dev.polyptych.lab.autoscale.ScaledJob.Render;
import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** A deployment of workers and its queue of jobs, first come, first served. */
final class ScaledFleet {
  private final Clock clock;
  private final Machinery machinery;
  private final Render render;
  private final double graceSeconds;
  private final SplittableRandom random;
  private final Ledger ledger;
  private final Nodes nodes;
  private final List<Pod> pods = new ArrayList<>();
  private final ScaledQueue backlog = new ScaledQueue();
  private boolean deletionCost;

  ScaledFleet(Clock clock, Machinery machinery, double graceSeconds, long seed, Ledger ledger) {
    this.clock = clock;
    this.machinery = machinery;
    this.render = Render.H100;
    this.graceSeconds = graceSeconds;
    this.random = new SplittableRandom(seed);
    this.ledger = ledger;
    this.nodes = new Nodes(clock, machinery, random, ledger);
  }

  /** Whether busy workers report a higher deletion cost. */
  void deletionCost(boolean reported) {
    deletionCost = reported;
  }

  /** All replicas, including those that have not started, without those that are stopping. */
  int replicas() {
    return pods.size();
  }

  int count(Pod.State state) {
    return (int) pods.stream().filter(pod -> pod.state == state).count();
  }

  int ready() {
    return (int) pods.stream().filter(Pod::ready).count();
  }

  /** The queue of its jobs. */
  ScaledQueue backlog() {
    return backlog;
  }

  /** Whether at least one live worker has measured the duration of a job. */
  boolean measured() {
    return pods.stream().anyMatch(pod -> pod.measured);
  }

  /** GPU-seconds spent so far on the jobs that are being drawn. */
  double drawing() {
    return pods.stream()
        .filter(pod -> pod.state == Pod.State.BUSY)
        .mapToDouble(pod -> clock.now() - pod.jobSince)
        .sum();
  }

  void submit(ScaledJob job) {
    backlog.submit(job);
    dispatch();
  }

  void scaleTo(int replicas) {
    while (pods.size() < replicas) {
      create();
    }
    if (pods.size() > replicas) {
      List<Pod> victims =
          pods.stream()
              .sorted(Pod.deletionOrder(clock.now(), deletionCost))
              .limit(pods.size() - replicas)
              .toList();
      victims.forEach(this::delete);
    }
  }

  private void create() {
    Pod pod = new Pod(random.nextLong(), nodes.take());
    pods.add(pod);
    clock.at(clock.now() + nodes.containerStarts(pod.node), () -> load(pod));
  }

  private void load(Pod pod) {
    if (pod.state == Pod.State.WAITING) {
      pod.state = Pod.State.LOADING;
      double takes = machinery.somewhat(machinery.loading(), random);
      clock.at(clock.now() + takes, () -> join(pod));
    }
  }

  private void join(Pod pod) {
    if (pod.state == Pod.State.LOADING) {
      pod.becomeReady(clock.now());
      dispatch();
    }
  }

  private void dispatch() {
    for (Pod pod : pods) {
      if (pod.state == Pod.State.IDLE && backlog.waits()) {
        begin(pod, backlog.next());
      }
    }
  }

  private void begin(Pod pod, ScaledJob job) {
    double now = clock.now();
    double ends = now + job.begin(now, render);
    pod.begin(job, now, ends);
    clock.at(ends, () -> finish(pod, job));
  }

  private void finish(Pod pod, ScaledJob job) {
    if (pod.state == Pod.State.BUSY && pod.job == job) {
      settle(pod);
      pod.finish();
      dispatch();
    }
  }

  private void delete(Pod pod) {
    pods.remove(pod);
    if (pod.state == Pod.State.BUSY) {
      stop(pod);
    } else {
      gone(pod);
    }
  }

  /**
   * On SIGTERM the worker finishes its step and writes a checkpoint, unless the job is done by
   * then.
   */
  private void stop(Pod pod) {
    double drawing = clock.now() - pod.jobSince;
    double steps = Math.ceil(drawing / render.step()) * render.step();
    double end = pod.jobSince + steps;
    pod.state = Pod.State.STOPPING;
    if (end >= pod.jobEnds) {
      clock.at(pod.jobEnds, () -> finishAndGo(pod));
    } else {
      boolean kept = end - clock.now() + render.checkpoint() <= graceSeconds;
      double stopped = kept ? end : clock.now() + graceSeconds;
      clock.at(stopped, () -> handBack(pod, kept));
    }
  }

  private void finishAndGo(Pod pod) {
    settle(pod);
    gone(pod);
  }

  private void settle(Pod pod) {
    ledger.drawn(pod.jobSince, clock.now());
    ledger.settled(pod.job);
    backlog.settled(pod.job);
  }

  private void handBack(Pod pod, boolean kept) {
    double drawn = clock.now() - pod.jobSince;
    double every = render.betweenCheckpoints();
    double keeps = kept ? drawn : Math.floor(drawn / every) * every;
    ScaledJob job = pod.job;
    ledger.drawn(pod.jobSince, clock.now());
    ledger.interrupted(drawn, drawn - keeps + render.resuming());
    job.stop(keeps);
    clock.at(clock.now() + render.checkpoint(), () -> gone(pod));
    clock.at(clock.now() + render.handedBack(), () -> again(job));
  }

  private void again(ScaledJob job) {
    backlog.handedBack(job);
    dispatch();
  }

  private void gone(Pod pod) {
    pod.state = Pod.State.GONE;
    nodes.release(pod.node);
  }

  /** Jobs that are not settled. Those that no worker draws wait in order. */
  static final class ScaledQueue {
    private final Deque<ScaledJob> waiting = new ArrayDeque<>();
    private int unsettled;
    private double estimated;

    void submit(ScaledJob job) {
      unsettled++;
      estimated += job.estimated;
      waiting.addLast(job);
    }

    boolean waits() {
      return !waiting.isEmpty();
    }

    ScaledJob next() {
      return waiting.removeFirst();
    }

    /** A stopped job goes to the head of the queue. */
    void handedBack(ScaledJob job) {
      waiting.addFirst(job);
    }

    void settled(ScaledJob job) {
      unsettled--;
      estimated = unsettled == 0 ? 0 : estimated - job.estimated;
    }

    /** Jobs that wait or are being drawn. */
    int unsettled() {
      return unsettled;
    }

    /** Estimated GPU-seconds of all these jobs, including the part that is already drawn. */
    double estimated() {
      return estimated;
    }
  }
}
