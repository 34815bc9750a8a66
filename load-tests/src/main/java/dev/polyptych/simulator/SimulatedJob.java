package dev.polyptych.simulator;

import dev.polyptych.schema.job.Lane;
import dev.polyptych.worker.schedule.WaitingJob;
import java.time.Instant;
import java.util.Optional;

/** A job on its way; times in seconds since the run began. */
final class SimulatedJob implements WaitingJob {
  final int number;
  final int adapter;
  final double arrived;

  /** What the dispatcher and the worker think it takes. */
  final double estimated;

  /** What it takes. */
  final double seconds;

  /** What a swap for it takes ÷ what a swap takes on the mean. */
  final double swapFactor;

  private final String adapterId;
  private final Instant arrivedAt;
  private int hops;
  private int partition;
  private boolean begun;

  SimulatedJob(int number, int adapter, double arrived, double estimated, double seconds) {
    this(number, adapter, arrived, estimated, seconds, 1);
  }

  SimulatedJob(
      int number,
      int adapter,
      double arrived,
      double estimated,
      double seconds,
      double swapFactor) {
    this.number = number;
    this.adapter = adapter;
    this.arrived = arrived;
    this.estimated = estimated;
    this.seconds = seconds;
    this.swapFactor = swapFactor;
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

  /** Begun by a worker, which may be lost before it is done. */
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
