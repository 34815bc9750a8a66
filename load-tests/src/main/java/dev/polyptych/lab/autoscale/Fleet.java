package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.simulator.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A deployment of workers and the jobs before them, first come, first served. */
final class Fleet {
  private final Clock clock;
  private final Machinery machinery;
  private final Render render;
  private final double graceSeconds;
  private final SplittableRandom random;
  private final Ledger ledger;
  private final Nodes nodes;
  private final List<Pod> pods = new ArrayList<>();
  private final Backlog backlog = new Backlog();
  private boolean deletionCost;

  Fleet(Clock clock, Machinery machinery, double graceSeconds, long seed, Ledger ledger) {
    this.clock = clock;
    this.machinery = machinery;
    this.render = Render.H100;
    this.graceSeconds = graceSeconds;
    this.random = new SplittableRandom(seed);
    this.ledger = ledger;
    this.nodes = new Nodes(clock, machinery, random, ledger);
  }

  /** Busy workers tell that they had better not be deleted. */
  void deletionCost(boolean told) {
    deletionCost = told;
  }

  /** Replicas, those not yet started included, those that stop not. */
  int replicas() {
    return pods.size();
  }

  int count(Pod.State state) {
    return (int) pods.stream().filter(pod -> pod.is(state)).count();
  }

  int ready() {
    return (int) pods.stream().filter(Pod::ready).count();
  }

  /** What is before it. */
  Backlog backlog() {
    return backlog;
  }

  /** Whether a live worker has measured what a job takes. */
  boolean measured() {
    return pods.stream().anyMatch(Pod::measured);
  }

  /** GPU-seconds of jobs that are being drawn, until now. */
  double drawing() {
    return pods.stream()
        .filter(pod -> pod.is(Pod.State.BUSY))
        .mapToDouble(pod -> clock.now() - pod.jobSince())
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
              .sorted(Victims.order(clock.now(), deletionCost))
              .limit(pods.size() - replicas)
              .toList();
      victims.forEach(this::delete);
    }
  }

  private void create() {
    Pod pod = new Pod(random.nextLong(), nodes.take());
    pods.add(pod);
    clock.at(clock.now() + nodes.containerStarts(pod.node()), () -> load(pod));
  }

  private void load(Pod pod) {
    if (pod.is(Pod.State.WAITING)) {
      pod.loading();
      double takes = machinery.somewhat(machinery.loading(), random);
      clock.at(clock.now() + takes, () -> join(pod));
    }
  }

  private void join(Pod pod) {
    if (pod.is(Pod.State.LOADING)) {
      pod.ready(clock.now());
      dispatch();
    }
  }

  private void dispatch() {
    for (Pod pod : pods) {
      if (pod.is(Pod.State.IDLE) && backlog.waits()) {
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
    if (pod.is(Pod.State.BUSY) && pod.job() == job) {
      settle(pod);
      pod.finish();
      dispatch();
    }
  }

  private void delete(Pod pod) {
    pods.remove(pod);
    if (pod.is(Pod.State.BUSY)) {
      stop(pod);
    } else {
      gone(pod);
    }
  }

  /** SIGTERM: the step is drawn to its end, then a checkpoint, unless the job is done by then. */
  private void stop(Pod pod) {
    double drawing = clock.now() - pod.jobSince();
    double steps = Math.ceil(drawing / render.step()) * render.step();
    double end = pod.jobSince() + steps;
    pod.stopping();
    if (end >= pod.jobEnds()) {
      clock.at(pod.jobEnds(), () -> finishAndGo(pod));
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
    ledger.drawn(pod.jobSince(), clock.now());
    ledger.settled(pod.job());
    backlog.settled(pod.job());
  }

  private void handBack(Pod pod, boolean kept) {
    double drawn = clock.now() - pod.jobSince();
    double every = render.betweenCheckpoints();
    double keeps = kept ? drawn : Math.floor(drawn / every) * every;
    ScaledJob job = pod.job();
    ledger.drawn(pod.jobSince(), clock.now());
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
    pod.gone();
    nodes.release(pod.node());
  }
}
