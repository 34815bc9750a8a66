package dev.polyptych.lab.simulator;

import dev.polyptych.policy.schedule.WaitingJob;
import dev.polyptych.schema.job.Lane;
import java.time.Instant;
import java.util.Optional;

/** A simulated job; times in seconds since the start of the run. */
final class SimulatedJob implements WaitingJob {
  final int number;
  final int adapter;
  final double arrived;

  /** Its duration as dispatcher and worker estimate it. */
  final double estimated;

  /** Its real duration. */
  final double seconds;

  final Own own;

  private final String adapterId;
  private final Instant arrivedAt;
  private int hops;
  private int partition;
  private boolean begun;

  /**
   * Measured values of one job.
   *
   * @param swapFactor duration of its swap ÷ mean duration of a swap
   * @param gapSeconds from the end of the previous job to the start of this one, if it waited
   */
  record Own(double swapFactor, double gapSeconds) {
    static final Own NOTHING = new Own(1, 0);
  }

  SimulatedJob(int number, int adapter, double arrived, double estimated, double seconds) {
    this(number, adapter, arrived, estimated, seconds, Own.NOTHING);
  }

  SimulatedJob(int number, int adapter, double arrived, double estimated, double seconds, Own own) {
    this.number = number;
    this.adapter = adapter;
    this.arrived = arrived;
    this.estimated = estimated;
    this.seconds = seconds;
    this.own = own;
    this.adapterId = Adapters.id(adapter);
    this.arrivedAt = Clock.instant(arrived);
  }

  int partition() {
    return partition;
  }

  void partition(int where) {
    partition = where;
  }

  void hop() {
    hops++;
  }

  /** Whether a worker has begun it. That worker may still be lost. */
  boolean begun() {
    return begun;
  }

  void begun(boolean now) {
    begun = now;
  }

  @Override
  public String adapter() {
    return adapterId;
  }

  @Override
  public Lane lane() {
    return Lane.INTERACTIVE;
  }

  @Override
  public String tenant() {
    return "tenant";
  }

  @Override
  public Instant arrivedAt() {
    return arrivedAt;
  }

  @Override
  public Optional<Instant> startBy() {
    return Optional.empty();
  }

  @Override
  public int hops() {
    return hops;
  }
}
