package dev.polyptych.lab.autoscale;

import java.util.Comparator;

/** One worker. Its fleet changes it, on the simulation's thread. */
final class Pod {
  private static final double REPORTED_BUSY_SECONDS = 60;

  final long uid;
  final Nodes.Node node;
  State state = State.WAITING;
  ScaledJob job;
  double jobSince;
  double jobEnds = Double.NEGATIVE_INFINITY;

  /** Whether it has drawn a job to its end. */
  boolean measured;

  private double readySince = Double.NaN;

  /** Idle and busy are the same to Kubernetes. */
  enum State {
    WAITING,
    LOADING,
    IDLE,
    BUSY,
    STOPPING,
    GONE
  }

  Pod(long uid, Nodes.Node node) {
    this.uid = uid;
    this.node = node;
  }

  boolean ready() {
    return state == State.IDLE || state == State.BUSY;
  }

  void becomeReady(double now) {
    state = State.IDLE;
    readySince = now;
  }

  void begin(ScaledJob next, double now, double ends) {
    state = State.BUSY;
    job = next;
    jobSince = now;
    jobEnds = ends;
  }

  void finish() {
    state = State.IDLE;
    measured = true;
    job = null;
  }

  /**
   * The order in which a ReplicaSet deletes pods (kubernetes/pkg/controller/controller_utils.go,
   * ActivePodsWithRanks): those without a node, those that are not ready, those with the lowest
   * deletion cost, those that have been ready for the shortest time (by its power of two), any.
   *
   * @param cost whether busy workers have a higher deletion cost than idle ones
   */
  static Comparator<Pod> deletionOrder(double now, boolean cost) {
    return Comparator.comparing((Pod pod) -> pod.state != State.WAITING)
        .thenComparing(Pod::ready)
        .thenComparing(pod -> cost && pod.reportsBusy(now))
        .thenComparingInt(pod -> pod.age(now))
        .thenComparingLong(pod -> pod.uid);
  }

  /** A worker lowers its deletion cost only some time after its job. */
  private boolean reportsBusy(double now) {
    return state == State.BUSY || now - jobEnds < REPORTED_BUSY_SECONDS;
  }

  private int age(double now) {
    double nanos = 1e9 * (now - readySince);
    return nanos >= 1 ? (int) (Math.log(nanos) / Math.log(2)) : 0;
  }
}
