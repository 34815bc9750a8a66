package dev.polyptych.lab.autoscale;

/** One worker; owned by the simulation's thread. */
final class Pod {
  /** In the order in which a ReplicaSet would rather delete them; busy and idle are alike to it. */
  enum State {
    WAITING,
    LOADING,
    IDLE,
    BUSY,
    STOPPING,
    GONE
  }

  private static final double TAKEN_BACK_SECONDS = 60;

  private final long uid;
  private final Nodes.Node node;
  private State state = State.WAITING;
  private double readySince = Double.NaN;
  private double jobSince;
  private double jobEnds = Double.NEGATIVE_INFINITY;
  private ScaledJob job;
  private boolean measured;

  Pod(long uid, Nodes.Node node) {
    this.uid = uid;
    this.node = node;
  }

  long uid() {
    return uid;
  }

  Nodes.Node node() {
    return node;
  }

  boolean is(State other) {
    return state == other;
  }

  boolean ready() {
    return state == State.IDLE || state == State.BUSY;
  }

  double readySince() {
    return readySince;
  }

  /** Whether its deletion cost says that it draws, which it takes back only after a while. */
  boolean toldBusy(double now) {
    return state == State.BUSY || now - jobEnds < TAKEN_BACK_SECONDS;
  }

  /** Has drawn a job to its end. */
  boolean measured() {
    return measured;
  }

  ScaledJob job() {
    return job;
  }

  double jobSince() {
    return jobSince;
  }

  double jobEnds() {
    return jobEnds;
  }

  void loading() {
    state = State.LOADING;
  }

  void ready(double now) {
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

  void stopping() {
    state = State.STOPPING;
  }

  void gone() {
    state = State.GONE;
  }
}
